package io.github.eventloop.stall.internal.stack;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.FrameOwner;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StackReader;

/**
 * Algorithm that finds the culprit of a stall with several sampled stacks: the innermost
 * method of the application that most of them share, and the line in it that accounts for
 * the most time. A comparator called by a sort is the culprit if it takes most of the
 * time; otherwise the culprit is the line that sorts.
 */
public final class CulpritFinder {

	private final StackReader reader;

	public CulpritFinder(StackReader reader) {
		this.reader = reader;
	}

	public @Nullable Culprit of(List<SampledStack> stacks) {
		Weight application = heaviest(stacks, owned(FrameOwner.APPLICATION));
		Weight heaviest = (application != null) ? application : heaviest(stacks, owned(FrameOwner.LIBRARY));
		return (heaviest != null) ? ReadableFrame.culpritOf(heaviest.heaviestLine()) : null;
	}

	/**
	 * Return what the loop was doing in a stall without a culprit: the innermost
	 * framework method that most stacks share, one of the JDK only if there is no other.
	 * @param stacks the stacks
	 * @return the method and the line in it, or {@code null} if there is none
	 */
	public @Nullable Culprit doing(List<SampledStack> stacks) {
		Predicate<StackTraceElement> framework = owned(FrameOwner.FRAMEWORK);
		Weight heaviest = heaviest(stacks, framework.and((frame) -> !PackageNames.isJdk(frame.getClassName())));
		heaviest = (heaviest != null) ? heaviest : heaviest(stacks, framework);
		return (heaviest != null) ? ReadableFrame.culpritOf(heaviest.heaviestLine()) : null;
	}

	/**
	 * Return the entry point into the application: its outermost frame for most of the
	 * time that the stacks account for.
	 * @param stacks the stacks
	 * @param culprit the culprit, which is in a method that the entry point calls
	 * @return the frame, or {@code null} if the application was not entered
	 */
	public @Nullable Culprit entry(List<SampledStack> stacks, @Nullable Culprit culprit) {
		Map<Culprit, Long> entries = new HashMap<>();
		for (SampledStack stack : stacks) {
			Culprit outermost = null;
			boolean containsCulprit = false;
			for (StackTraceElement frame : stack.frames()) {
				if (this.reader.ownerOf(frame) == FrameOwner.APPLICATION) {
					outermost = ReadableFrame.culpritOf(frame);
					containsCulprit |= outermost.equals(culprit);
				}
			}
			if (containsCulprit) {
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
		long half = total / 2;
		return methods.values()
			.stream()
			.filter((weight) -> weight.nanos > half)
			.max(Comparator.<Weight>comparingDouble(Weight::meanDepth).thenComparingLong((weight) -> weight.nanos))
			.orElse(null);
	}

	private void add(SampledStack stack, Predicate<StackTraceElement> candidates, Map<Method, Weight> methods) {
		StackTraceElement[] frames = stack.frames();
		Set<Method> seen = new HashSet<>();
		for (int i = 0; i < frames.length; i++) {
			if (candidates.test(frames[i])) {
				Method method = new Method(frames[i].getClassName(), frames[i].getMethodName());
				// Count a recursive method once, at its innermost call.
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
	 * The time of a stall during which a method is on the stack.
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
