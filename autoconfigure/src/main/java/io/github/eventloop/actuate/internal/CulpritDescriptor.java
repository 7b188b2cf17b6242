package io.github.eventloop.actuate.internal;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;

/**
 * The line of code that a stall or a blocking call is attributed to.
 *
 * @param className the name of the class
 * @param methodName the name of the method as in the source; followed by {@code (lambda)}
 * or {@code (coroutine)} where the line is inside one
 * @param fileName the name of the source file; left out where it is not known
 * @param lineNumber the line in it, from 1; left out where it is not known
 */
@JsonPropertyOrder({ "className", "methodName", "fileName", "lineNumber" })
public record CulpritDescriptor(String className, String methodName, @Nullable String fileName,
		@Nullable Integer lineNumber) {

	static @Nullable CulpritDescriptor of(@Nullable Culprit culprit) {
		return (culprit != null) ? new CulpritDescriptor(culprit.className(), culprit.methodName(), culprit.fileName(),
				culprit.lineNumber()) : null;
	}

}
