package io.github.eventloop.stall.internal.cause;

import io.github.eventloop.stall.internal.sample.ProcessUsage;

/**
 * Utility to recognize stalls of code that runs for the first time: the JVM loads its
 * classes, and interprets it until it is compiled.
 */
public final class WarmUp {

	/** Minimum time to load a class that is not loaded yet. */
	private static final long NANOS_PER_CLASS = 250_000;

	/**
	 * Frame that marks a stack as class loading, whatever code runs for the first time.
	 */
	private static final StackTraceElement CLASS_LOADING_FRAME = new StackTraceElement("java.lang.ClassLoader",
			"defineClass", null, -1);

	private WarmUp() {
	}

	/**
	 * Return whether warm-up explains a stall: the JVM spent at least half of its length
	 * on loading classes or, if no line accounts for most of it, at least its whole
	 * length on loading and compiling. With such a line, compilation does not count,
	 * because a long computation is compiled during its first stall too.
	 * @param usage the usage of the process during the stall
	 * @param nanos the length of the stall
	 * @param lineKnown whether a line accounts for most of the stall
	 * @return whether it does
	 */
	public static boolean explains(ProcessUsage usage, long nanos, boolean lineKnown) {
		long loading = usage.loadedClasses() * NANOS_PER_CLASS;
		return loading >= nanos / 2 || (!lineKnown && loading + usage.compilationNanos() >= nanos);
	}

	/**
	 * Add a frame that loads a class to a stack.
	 * @param stack the frames
	 * @return the frames, with the additional one as the innermost
	 */
	public static StackTraceElement[] addTo(StackTraceElement[] stack) {
		StackTraceElement[] result = new StackTraceElement[stack.length + 1];
		result[0] = CLASS_LOADING_FRAME;
		System.arraycopy(stack, 0, result, 1, stack.length);
		return result;
	}

}
