package io.github.eventloop.stall;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds the one line to blame for a stall that was seen with several stacks: the
 * innermost method of the application that most of them share, and the line in it that
 * stands for the most of the time. So a comparator that a sort calls is blamed if it
 * takes most of the time, and the line that sorts if it does not.
 */
final class Blame {

	private final StackReader reader;

	Blame(StackReader reader) {
		this.reader = reader;
	}

	@Nullable Culprit of(List<SampledStack> stacks) {
		Culprit culprit = of(stacks, FrameOwner.APPLICATION);
		return (culprit != null) ? culprit : of(stacks, FrameOwner.LIBRARY);
	}

	private @Nullable Culprit of(List<SampledStack> stacks, FrameOwner owner) {
		Map<Method, Weight> methods = new HashMap<>();
		long total = 0;
		for (SampledStack stack : stacks) {
			total += stack.nanos();
			add(stack, owner, methods);
		}
		long most = total / 2;
		return methods.values()
			.stream()
			.filter((weight) -> weight.nanos > most)
			.max(Comparator.<Weight>comparingDouble(Weight::meanDepth).thenComparingLong((weight) -> weight.nanos))
			.map(Weight::heaviestLine)
			.map(ReadableFrame::culpritOf)
			.orElse(null);
	}

	private void add(SampledStack stack, FrameOwner owner, Map<Method, Weight> methods) {
		StackTraceElement[] frames = stack.frames();
		Set<Method> seen = new HashSet<>();
		for (int i = 0; i < frames.length; i++) {
			if (this.reader.ownerOf(frames[i]) == owner) {
				Method method = new Method(frames[i].getClassName(), frames[i].getMethodName());
				// Only its innermost call, where it is recursive.
				if (seen.add(method)) {
					methods.computeIfAbsent(method, (key) -> new Weight())
						.add(frames[i], frames.length - i, stack.nanos());
				}
			}
		}
	}

	private record Method(String className, String name) {
	}

	/**
	 * The part of a stall that a method was on the stack for.
	 */
	private static final class Weight {

		private final Map<StackTraceElement, Long> lines = new HashMap<>();

		private long nanos;

		private double depth;

		void add(StackTraceElement frame, int depth, long nanos) {
			this.nanos += nanos;
			this.depth += (double) depth * nanos;
			this.lines.merge(frame, nanos, Long::sum);
		}

		double meanDepth() {
			return this.depth / this.nanos;
		}

		StackTraceElement heaviestLine() {
			return this.lines.entrySet()
				.stream()
				.max(Map.Entry.<StackTraceElement, Long>comparingByValue()
					.thenComparing((line) -> -line.getKey().getLineNumber()))
				.orElseThrow()
				.getKey();
		}

	}

}
