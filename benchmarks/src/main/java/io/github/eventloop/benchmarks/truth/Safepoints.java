package io.github.eventloop.benchmarks.truth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The times at which the JVM stopped all its threads, from its safepoint log, whose clock
 * is that of {@link System#nanoTime()}.
 */
final class Safepoints {

	/** Written when the threads resume. */
	private static final Pattern LINE = Pattern.compile("\\[(\\d+)ns] Safepoint .*Total:\\s+(\\d+) ns");

	/** Collectors report their pauses in whole milliseconds. */
	private static final long SHORTEST_NANOS = 1_000_000;

	private Safepoints() {
	}

	/**
	 * Return the JVM option that enables the log.
	 */
	static String option(Path log) {
		return "-Xlog:safepoint:file=" + log + ":timenanos:filecount=0";
	}

	static List<Interval> read(Path log) {
		try {
			return LINE.matcher(Files.readString(log))
				.results()
				.map(Safepoints::interval)
				.filter((interval) -> interval.nanos() >= SHORTEST_NANOS)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Interval interval(MatchResult line) {
		long end = Long.parseLong(line.group(1));
		return new Interval(end - Long.parseLong(line.group(2)), end);
	}

}
