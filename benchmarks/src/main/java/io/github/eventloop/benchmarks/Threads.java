package io.github.eventloop.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The threads of a process, as reported by Linux, which keeps the first 15 characters of
 * their names.
 */
record Threads(long pid) {

	/** A thread has to be woken up each time that it waits. */
	private static final Pattern WAITS = Pattern.compile("voluntary_ctxt_switches:\\s+(\\d+)");

	private static final Pattern CPU_NANOS = Pattern.compile("^(\\d+)");

	/** Count how often threads waited since they started, and so were woken up. */
	long wakeUps(Predicate<String> names) {
		return all(names).mapToLong((thread) -> number(thread, "status", WAITS)).sum();
	}

	/** Sum up the CPU time of threads since they started. */
	Duration cpu(Predicate<String> names) {
		return Duration.ofNanos(all(names).mapToLong((thread) -> number(thread, "schedstat", CPU_NANOS)).sum());
	}

	/** Return the CPU time of one thread since it started. */
	Duration cpu(long thread) {
		return Duration.ofNanos(number(tasks().resolve(Long.toString(thread)), "schedstat", CPU_NANOS));
	}

	/**
	 * Return the IDs of threads in the operating system, in the order in which they
	 * started.
	 */
	List<Long> ids(Predicate<String> names) {
		return all(names).map((thread) -> Long.valueOf(thread.getFileName().toString())).sorted().toList();
	}

	private Stream<Path> all(Predicate<String> names) {
		File[] threads = tasks().toFile().listFiles();
		return Stream.of((threads != null) ? threads : new File[0])
			.map(File::toPath)
			.filter((thread) -> names.test(read(thread.resolve("comm")).strip()));
	}

	private Path tasks() {
		return Path.of("/proc", String.valueOf(this.pid), "task");
	}

	private static long number(Path thread, String file, Pattern pattern) {
		Matcher matcher = pattern.matcher(read(thread.resolve(file)));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	/** A thread may have ended in the meantime. */
	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
