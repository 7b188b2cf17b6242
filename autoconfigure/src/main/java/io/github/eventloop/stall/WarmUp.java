package io.github.eventloop.stall;

/**
 * Recognizes code that runs for the first time: the JVM loads its classes, and interprets
 * it until it is compiled.
 */
final class WarmUp {

	/** What loading a class takes that nobody has loaded yet, at least. */
	private static final long NANOS_A_CLASS = 250_000;

	/** What stands for it on a stack, whatever code is run for the first time. */
	private static final StackTraceElement LOADING = new StackTraceElement("java.lang.ClassLoader", "defineClass", null,
			-1);

	private WarmUp() {
	}

	/**
	 * Return whether a stall went into new code: the JVM spent at least half of it on
	 * loading classes or, where no line stands for most of it, as much time as it took on
	 * loading and compiling. What a line computes is compiled in its first stall too.
	 * @param usage what the process did in the stall
	 * @param nanos the length of the stall
	 * @param lineKnown whether a line stands for most of it
	 * @return whether it did
	 */
	static boolean explains(ProcessUsage usage, long nanos, boolean lineKnown) {
		long loading = usage.loadedClasses() * NANOS_A_CLASS;
		return loading >= nanos / 2 || (!lineKnown && loading + usage.compilationNanos() >= nanos);
	}

	/**
	 * Add to a stack what the JVM does for its code.
	 * @param stack the frames
	 * @return the frames, within one that loads a class
	 */
	static StackTraceElement[] addTo(StackTraceElement[] stack) {
		StackTraceElement[] result = new StackTraceElement[stack.length + 1];
		result[0] = LOADING;
		System.arraycopy(stack, 0, result, 1, stack.length);
		return result;
	}

}
