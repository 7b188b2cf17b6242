package io.github.eventloop.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The threads of a process, as reported by Linux.
 *
 * @param pid the process ID
 */
public record Threads(long pid) {

	/** A thread has to be woken up each time that it waits. */
	private static final Pattern WAITS = Pattern.compile("voluntary_ctxt_switches:\\s+(\\d+)");

	private static final Pattern CPU_NANOS = Pattern.compile("^(\\d+)");

	/**
	 * Count how often threads waited, and so were woken up.
	 * @param names selects threads, by the first 15 characters of their name
	 * @return the number since they started
	 */
	public long wakeUps(Predicate<String> names) {
		return sum(names, "status", WAITS);
	}

	/**
	 * Sum up the CPU time of threads.
	 * @param names selects threads, by the first 15 characters of their name
	 * @return the time since they started
	 */
	public Duration cpu(Predicate<String> names) {
		return Duration.ofNanos(sum(names, "schedstat", CPU_NANOS));
	}

	/**
	 * Return the CPU time of one thread.
	 * @param thread its ID in the operating system
	 * @return the time since it started
	 */
	public Duration cpu(long thread) {
		return Duration.ofNanos(number(task(Long.toString(thread)), "schedstat", CPU_NANOS));
	}

	/**
	 * List threads.
	 * @param names selects threads, by the first 15 characters of their name
	 * @return their IDs in the operating system, in the order in which they started
	 */
	public List<Long> ids(Predicate<String> names) {
		try (Stream<Path> threads = Files.list(task(""))) {
			return threads.filter((thread) -> names.test(name(thread)))
				.map((thread) -> Long.valueOf(thread.getFileName().toString()))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Count the threads.
	 * @return the current number, including threads of the JVM
	 */
	public long count() {
		try (Stream<Path> threads = Files.list(task(""))) {
			return threads.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private long sum(Predicate<String> names, String file, Pattern pattern) {
		try (Stream<Path> threads = Files.list(task(""))) {
			return threads.filter((thread) -> names.test(name(thread)))
				.mapToLong((thread) -> number(thread, file, pattern))
				.sum();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path task(String thread) {
		return Path.of("/proc", String.valueOf(this.pid), "task", thread);
	}

	private static String name(Path thread) {
		return read(thread.resolve("comm")).strip();
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
