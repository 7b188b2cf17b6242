package io.github.eventloop.benchmarks.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.springframework.util.FileSystemUtils;

import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Picture;

/**
 * The results of a benchmark, in {@code benchmarks/target/runs/<run>}. With
 * {@code --docs}, its pictures are also copied to {@code docs/images}. Not thread-safe.
 */
public final class Output {

	private final String run;

	private final Path directory;

	private final boolean docs;

	private final List<String> summary = new ArrayList<>();

	private Output(String run, Path directory, boolean docs) {
		this.run = run;
		this.directory = directory;
		this.docs = docs;
	}

	/**
	 * Create the directory of a benchmark. Results of an earlier run are deleted, so that
	 * they cannot be mistaken for new ones.
	 * @param run name of the benchmark
	 * @param options the command line
	 * @return the output
	 */
	public static Output of(String run, Options options) {
		Path directory = root().resolve("benchmarks/target/runs").resolve(run);
		empty(directory);
		write(directory.resolve("machine.md"), Machine.describe());
		write(directory.resolve("provenance.md"), Machine.provenance(root()));
		return new Output(run, directory, options.has("docs"));
	}

	/**
	 * Return the directory, for logs and other files.
	 * @return an existing directory
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Write a picture and its data.
	 * @param name file name without extension
	 * @param picture the picture
	 * @param numbers the data of the picture
	 */
	public void keep(String name, Picture picture, Csv numbers) {
		Path svg = this.directory.resolve(name + ".svg");
		picture.write(svg);
		numbers.write(this.directory.resolve(name + ".csv"));
		publish(svg, name + ".svg");
	}

	/**
	 * Write data that no picture is drawn from.
	 * @param name file name without extension
	 * @param numbers the data
	 */
	public void keep(String name, Csv numbers) {
		numbers.write(this.directory.resolve(name + ".csv"));
	}

	/**
	 * Write a screenshot.
	 * @param name file name without extension
	 * @param screenshot writes it to a file, as PNG
	 */
	public void keep(String name, Consumer<Path> screenshot) {
		Path png = this.directory.resolve(name + ".png");
		screenshot.accept(png);
		publish(png, name + ".png");
	}

	private void publish(Path file, String name) {
		if (!this.docs) {
			return;
		}
		Path images = root().resolve("docs/images");
		create(images);
		try {
			Files.copy(file, images.resolve(this.run + "-" + name), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Print the progress to standard error.
	 * @param line the current step
	 */
	public void progress(String line) {
		System.err.println("... " + line);
	}

	/**
	 * Append to the summary, {@code summary.md}, and print it.
	 * @param markdown one or more lines
	 */
	public void say(String markdown) {
		System.out.println(markdown);
		this.summary.add(markdown);
		write(this.directory.resolve("summary.md"), String.join("\n", this.summary) + "\n");
	}

	private static void write(Path file, String text) {
		try {
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void empty(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		create(directory);
	}

	private static void create(Path directory) {
		try {
			Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path root() {
		return Path.of(System.getProperty("benchmarks.root", ".")).toAbsolutePath().normalize();
	}

}
