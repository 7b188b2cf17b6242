package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that has run to completion.
 */
public record Command(int status, String output) {

	/** Run a program, for up to a minute. */
	public static Command run(Path directory, String input, List<String> command) {
		try {
			Path log = Files.createTempFile(directory, "command", ".log");
			Process process = new ProcessBuilder(command).directory(directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			try (var stdin = process.outputWriter()) {
				stdin.write(input);
			}
			if (!process.waitFor(60, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				throw new IllegalStateException("Took longer than 60 s: " + command);
			}
			String output = Files.readString(log);
			Files.delete(log);
			return new Command(process.exitValue(), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

}
