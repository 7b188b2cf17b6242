package io.github.eventloop.actuate.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.Stall;

/**
 * Sampled stacks in the collapsed format of
 * <a href="https://github.com/brendangregg/FlameGraph">flame graphs</a>: a line for each
 * distinct stack, with its frames from the outermost to the innermost, separated by
 * semicolons, a space, and the milliseconds of stalls that it accounts for. The longest
 * come first.
 */
final class CollapsedStacks {

	private CollapsedStacks() {
	}

	static String of(List<Stall> stalls) {
		Map<String, Long> nanos = new HashMap<>();
		for (Stall stall : stalls) {
			for (SampledStack stack : stall.samples().stacks()) {
				nanos.merge(collapse(stack.lines()), stack.nanos(), Long::sum);
			}
		}
		nanos.remove("");
		return nanos.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
			.map((stack) -> stack.getKey() + " " + millis(stack.getValue()) + "\n")
			.collect(Collectors.joining());
	}

	/** Return at least 1, so that short samples remain visible. */
	private static long millis(long nanos) {
		return Math.max(1, Math.round((double) nanos / TimeUnit.MILLISECONDS.toNanos(1)));
	}

	private static String collapse(List<String> frames) {
		List<String> outermostFirst = new ArrayList<>(frames);
		Collections.reverse(outermostFirst);
		return outermostFirst.stream().map(CollapsedStacks::frame).collect(Collectors.joining(";"));
	}

	/**
	 * Replace the separators of the format. Unprintable characters are already removed.
	 */
	private static String frame(String line) {
		return line.replace(';', '_').replace(' ', '_');
	}

}
