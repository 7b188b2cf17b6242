package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

/**
 * A line of code that blocks a loop. Immutable.
 *
 * @param className the name of the class; the enclosing class if the compiler generated a
 * class for a lambda or a coroutine
 * @param methodName the name of the method in the source, followed by {@code (lambda)} or
 * {@code (coroutine)} if the line is inside of one
 * @param fileName the name of the source file, or {@code null} if it is not known
 * @param lineNumber the line in it, from 1, or {@code null} if it is not known
 * @since 0.1.0
 */
public record Culprit(String className, String methodName, @Nullable String fileName, @Nullable Integer lineNumber) {

	/**
	 * Return the culprit in the format of a stack trace, such as
	 * {@code com.acme.Prices.load(Prices.java:42)}.
	 */
	@Override
	public String toString() {
		String source = (this.fileName != null) ? this.fileName : "Unknown Source";
		String line = (this.lineNumber != null) ? ":" + this.lineNumber : "";
		return this.className + "." + this.methodName + "(" + source + line + ")";
	}

}
