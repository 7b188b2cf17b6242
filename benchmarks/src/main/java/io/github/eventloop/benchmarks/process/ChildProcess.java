package io.github.eventloop.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process that was started here, and ends with its {@link #close()}, or with this JVM
 * if that is interrupted before. Its output is in a file. Thread-safe.
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

	/**
	 * Start a process.
	 * @param name what messages call it
	 * @param log where to write its output to
	 * @param command what to run
	 * @return the process
	 */
	public static ChildProcess start(String name, Path log, List<String> command) {
		try {
			Files.createDirectories(log.toAbsolutePath().getParent());
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			return new ChildProcess(name, log, process);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start " + name + ": " + String.join(" ", command), ex);
		}
	}

	/**
	 * Wait until its output is as expected.
	 * @param what what is waited for, for the message
	 * @param expected whether the output so far is as expected
	 * @param timeout how long to wait at most
	 * @return the output so far
	 * @throws IllegalStateException if it ends before, or takes too long; the message
	 * ends with the end of its output
	 */
	public String await(String what, Predicate<String> expected, Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		while (true) {
			boolean alive = this.process.isAlive();
			String output = output();
			if (expected.test(output)) {
				return output;
			}
			if (!alive || System.nanoTime() > end) {
				throw new IllegalStateException("%s %s before: %s. Its output, in %s, ends with%n%s".formatted(
						this.name, alive ? "took longer than " + timeout.toSeconds() + " s" : "ended", what, this.log,
						output.substring(Math.max(0, output.length() - 2000))));
			}
			Pause.of(Duration.ofMillis(50));
		}
	}

	/**
	 * Return what it has written.
	 * @return its output so far
	 */
	public String output() {
		try {
			return new String(Files.readAllBytes(this.log), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return its process id.
	 * @return the id
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return how much CPU time it has used.
	 * @return the time, to some ten milliseconds
	 */
	public Duration cpu() {
		return this.process.toHandle().info().totalCpuDuration().orElseThrow();
	}

	/**
	 * Return its threads.
	 * @return what Linux tells of them
	 */
	public Threads threads() {
		return new Threads(pid());
	}

	/**
	 * Return whether it runs.
	 * @return whether it has not ended
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
			Runtime.getRuntime().removeShutdownHook(this.atExit);
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		catch (IllegalStateException ex) {
			// The JVM is going down, and the hook has run or will.
		}
	}

}
