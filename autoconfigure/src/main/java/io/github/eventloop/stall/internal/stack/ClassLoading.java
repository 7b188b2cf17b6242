package io.github.eventloop.stall.internal.stack;

import java.util.Arrays;
import java.util.List;

import io.github.eventloop.stall.SampledStack;

/**
 * Utility to recognize stacks of a thread that loads, links or initializes classes, or
 * generates the class of a lambda, as the first thread that uses them does.
 */
public final class ClassLoading {

	private static final List<String> CLASSES = List.of("java.lang.ClassLoader", "java.lang.invoke.MethodHandleNatives",
			"java.lang.invoke.InnerClassLambdaMetafactory", "jdk.internal.loader.", "java.net.URLClassLoader",
			"org.springframework.boot.loader.");

	private ClassLoading() {
	}

	/**
	 * Return whether class loading takes most of the time of a stall.
	 * @param stacks the sampled stacks
	 * @return whether it takes more than half of the time
	 */
	public static boolean isMostOf(List<SampledStack> stacks) {
		long all = 0;
		long loading = 0;
		for (SampledStack stack : stacks) {
			all += stack.nanos();
			loading += isIn(stack.frames()) ? stack.nanos() : 0;
		}
		return loading > all / 2;
	}

	public static boolean isIn(StackTraceElement[] stack) {
		return Arrays.stream(stack).anyMatch(ClassLoading::isLoading);
	}

	private static boolean isLoading(StackTraceElement frame) {
		return frame.getMethodName().equals("<clinit>") || CLASSES.stream().anyMatch(frame.getClassName()::startsWith);
	}

}
