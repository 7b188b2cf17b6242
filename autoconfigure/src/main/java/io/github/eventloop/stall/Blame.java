package io.github.eventloop.stall;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

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
		Weight application = heaviest(stacks, owned(FrameOwner.APPLICATION));
		Weight heaviest = (application != null) ? application : heaviest(stacks, owned(FrameOwner.LIBRARY));
		return (heaviest != null) ? ReadableFrame.culpritOf(heaviest.heaviestLine()) : null;
	}

	/**
	 * Return what a stall without a culprit was doing: the innermost method of a
	 * framework that most stacks share, one of the JDK only if there is no other.
	 * @param stacks the stacks
	 * @return the method and the line in it, or {@code null} if there is none
	 */
	@Nullable Culprit doing(List<SampledStack> stacks) {
		Predicate<StackTraceElement> framework = owned(FrameOwner.FRAMEWORK);
		Weight heaviest = heaviest(stacks, framework.and((frame) -> !StackReader.isJdk(frame)));
		heaviest = (heaviest != null) ? heaviest : heaviest(stacks, framework);
		return (heaviest != null) ? ReadableFrame.culpritOf(heaviest.heaviestLine()) : null;
	}

	/**
	 * Return where the application was entered: the outermost frame of the application in
	 * most of the time that the stacks stand for.
	 * @param stacks the stacks
	 * @param culprit the line to blame, which is in a method that the entry has called
	 * @return the frame, or {@code null} if the application was not entered
	 */
	@Nullable Culprit entry(List<SampledStack> stacks, @Nullable Culprit culprit) {
		Map<Culprit, Long> entries = new HashMap<>();
		for (SampledStack stack : stacks) {
			Culprit outermost = null;
			boolean blamed = false;
			for (StackTraceElement frame : stack.frames()) {
				if (this.reader.ownerOf(frame) == FrameOwner.APPLICATION) {
					outermost = ReadableFrame.culpritOf(frame);
					blamed |= outermost.equals(culprit);
				}
			}
			if (blamed) {
				entries.merge(Objects.requireNonNull(outermost), stack.nanos(), Long::sum);
			}
		}
		return entries.entrySet()
			.stream()
			.max(Map.Entry.<Culprit, Long>comparingByValue().thenComparing((entry) -> entry.getKey().toString()))
			.map(Map.Entry::getKey)
			.orElse(null);
	}

	private Predicate<StackTraceElement> owned(FrameOwner owner) {
		return (frame) -> this.reader.ownerOf(frame) == owner;
	}

	private @Nullable Weight heaviest(List<SampledStack> stacks, Predicate<StackTraceElement> candidates) {
		Map<Method, Weight> methods = new HashMap<>();
		long total = 0;
		for (SampledStack stack : stacks) {
			total += stack.nanos();
			add(stack, candidates, methods);
		}
		long most = total / 2;
		return methods.values()
			.stream()
			.filter((weight) -> weight.nanos > most)
			.max(Comparator.<Weight>comparingDouble(Weight::meanDepth).thenComparingLong((weight) -> weight.nanos))
			.orElse(null);
	}

	private void add(SampledStack stack, Predicate<StackTraceElement> candidates, Map<Method, Weight> methods) {
		StackTraceElement[] frames = stack.frames();
		Set<Method> seen = new HashSet<>();
		for (int i = 0; i < frames.length; i++) {
			if (candidates.test(frames[i])) {
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
