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

	/**
	 * Start a process.
	 * @param name its name in messages
	 * @param log the file for its output
	 * @param command the command to run
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
	 * Wait for an expected output.
	 * @param what a description of what is expected, for the message
	 * @param expected whether the output so far is as expected
	 * @param timeout the maximum time to wait
	 * @return the output so far
	 * @throws IllegalStateException if the process ends before, or on timeout; the
	 * message contains the end of its output
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
	 * Return the output of the process.
	 * @return the output so far
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
	 * Return the CPU time of the process.
	 * @return the time, with a resolution of about ten milliseconds
	 */
	public Duration cpu() {
		return this.process.toHandle().info().totalCpuDuration().orElseThrow();
	}

	/**
	 * Return the threads of the process.
	 * @return the threads as reported by Linux
	 */
	public Threads threads() {
		return new Threads(pid());
	}

	/**
	 * Return whether the process is running.
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
			// The JVM is shutting down, and runs the hook.
		}
	}

}
