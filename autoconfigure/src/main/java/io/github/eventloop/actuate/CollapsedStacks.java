package io.github.eventloop.actuate;

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
 * Stacks in the format of <a href="https://github.com/brendangregg/FlameGraph">flame
 * graphs</a>: a line for each distinct one, its frames from the outermost to the
 * innermost with semicolons between, a space, and the milliseconds of stalls that it
 * stands for. The heaviest come first.
 */
final class CollapsedStacks {

	private CollapsedStacks() {
	}

	static String of(List<Stall> stalls) {
		Map<String, Long> nanos = new HashMap<>();
		for (Stall stall : stalls) {
			for (SampledStack stack : stall.stacks()) {
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

	/** What was seen shall be seen, however short it was. */
	private static long millis(long nanos) {
		return Math.max(1, Math.round((double) nanos / TimeUnit.MILLISECONDS.toNanos(1)));
	}

	private static String collapse(List<String> frames) {
		List<String> outermostFirst = new ArrayList<>(frames);
		Collections.reverse(outermostFirst);
		return outermostFirst.stream().map(CollapsedStacks::frame).collect(Collectors.joining(";"));
	}

	/**
	 * Without what the format gives a meaning to; what is not printable is gone before.
	 */
	private static String frame(String line) {
		return line.replace(';', '_').replace(' ', '_');
	}

}
