package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A child process that is terminated by {@link #close()}, or together with this JVM if
 * that exits first. Its output is written to a file. Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {

	private static final Duration GRACE = Duration.ofSeconds(3);

	private final String name;

	private final Path log;

	private final Process process;

	private final Thread atExit;

	private ChildProcess(String name, Path log, Process process) {
		this.name = name;
		this.log = log;
		this.process = process;
		this.atExit = new Thread(process::destroyForcibly, "end-" + name);
		Runtime.getRuntime().addShutdownHook(this.atExit);
	}

	/** Start a process, whose log file is named after it. */
	public static ChildProcess start(String name, Path directory, List<String> command) {
		Path log = directory.resolve(name + ".log");
		try {
			Files.createDirectories(directory);
			return new ChildProcess(name, log,
					new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start " + name + ": " + String.join(" ", command), ex);
		}
	}

	/**
	 * Wait until the output contains a pattern, and close the process if it does not.
	 * @return the matches so far
	 * @throws IllegalStateException if the process ends before, or on timeout; the
	 * message contains the end of its output
	 */
	public List<MatchResult> await(String pattern, Duration timeout) {
		Pattern expected = Pattern.compile(pattern, Pattern.MULTILINE);
		try {
			Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(timeout).until(() -> {
				boolean alive = isAlive();
				return expected.matcher(output()).find() || !alive;
			});
		}
		catch (ConditionTimeoutException ex) {
			throw failure("took longer than %d s".formatted(timeout.toSeconds()), pattern);
		}
		List<MatchResult> matches = expected.matcher(output()).results().toList();
		if (matches.isEmpty()) {
			throw failure("ended", pattern);
		}
		return matches;
	}

	private IllegalStateException failure(String what, String pattern) {
		close();
		String output = output();
		return new IllegalStateException("%s %s before '%s'. Its output, in %s, ends with%n%s".formatted(this.name,
				what, pattern, this.log, output.substring(Math.max(0, output.length() - 2000))));
	}

	/** Return the output so far. */
	public String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return the CPU time of the process, with a resolution of about ten milliseconds.
	 */
	Duration cpu() {
		return this.process.toHandle().info().totalCpuDuration().orElseThrow();
	}

	Threads threads() {
		return new Threads(pid());
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public void close() {
		close(GRACE);
	}

	/** Terminate the process, which may take some time to end by itself. */
	void close(Duration grace) {
		this.process.destroy();
		try {
			this.process.onExit().orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS).join();
		}
		catch (CompletionException ex) {
			this.process.destroyForcibly().onExit().join();
		}
		try {
			Runtime.getRuntime().removeShutdownHook(this.atExit);
		}
		catch (IllegalStateException ex) {
			// The JVM is shutting down, and runs the hook.
		}
	}

}
