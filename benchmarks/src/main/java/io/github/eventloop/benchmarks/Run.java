package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import io.netty.util.Version;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.util.FileSystemUtils;
import reactor.netty.http.server.HttpServer;

/**
 * One run of a benchmark: its options, its results in
 * {@code benchmarks/target/runs/<run>}, and the targets that it missed. With
 * {@code --docs}, its pictures are also copied to {@code docs/images}. Not thread-safe.
 */
public final class Run {

	static final Path RUNS = Program.ROOT.resolve("benchmarks/target/runs");

	private final String name;

	private final PropertyResolver options;

	private final Path directory;

	private final StringBuilder summary = new StringBuilder();

	private final Set<String> missed = new LinkedHashSet<>();

	/**
	 * Start a run. Results of an earlier one are deleted, so that they cannot be mistaken
	 * for new ones.
	 */
	public Run(String name, String[] arguments, String... options) throws IOException {
		this.name = name;
		this.options = parse(arguments, options);
		this.directory = RUNS.resolve(name);
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
		Files.writeString(file("machine.md"), Machine.describe());
		Files.writeString(file("provenance.md"), Machine.provenance());
	}

	static PropertyResolver parse(String[] arguments, String... known) {
		SimpleCommandLinePropertySource source = new SimpleCommandLinePropertySource(arguments);
		Set<String> names = new TreeSet<>(List.of(known));
		names.add("docs");
		Stream<String> others = Arrays.stream(arguments).filter((argument) -> !argument.startsWith("--"));
		String unknown = Stream.concat(Stream.of(source.getPropertyNames()), others)
			.filter((name) -> !names.contains(name))
			.collect(Collectors.joining(", "));
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException(
					"Unknown: %s. Available options: --%s".formatted(unknown, String.join(", --", names)));
		}
		MutablePropertySources sources = new MutablePropertySources();
		sources.addFirst(source);
		return new PropertySourcesPropertyResolver(sources);
	}

	/** Return whether an option is present. */
	boolean has(String option) {
		return this.options.containsProperty(option);
	}

	/** Return the value of an option. */
	public String get(String option, String defaultValue) {
		return this.options.getProperty(option, defaultValue);
	}

	/** Return the value of an option as a number, which may be a duration in seconds. */
	public int get(String option, int defaultValue) {
		return this.options.getProperty(option, Integer.class, defaultValue);
	}

	/**
	 * Select the members whose names start with the value of an option.
	 * @throws IllegalArgumentException if there are none
	 */
	<T> List<T> choose(String option, List<T> all, Function<T, String> name) {
		String prefix = get(option, "");
		List<T> chosen = all.stream().filter((each) -> name.apply(each).startsWith(prefix)).toList();
		if (chosen.isEmpty()) {
			throw new IllegalArgumentException(
					"'--%s=%s' selects none of %s".formatted(option, prefix, all.stream().map(name).toList()));
		}
		return chosen;
	}

	/** Return the directory of the run, for logs. */
	Path directory() {
		return this.directory;
	}

	/** Return a file of the run. */
	public Path file(String name) {
		return this.directory.resolve(name);
	}

	/** Print the progress to standard error. */
	void progress(String format, Object... values) {
		System.err.println("... " + format(format, values));
	}

	/**
	 * Append to the summary, {@code summary.md}, and print it.
	 * @param format Markdown; it is formatted only if there are values
	 */
	public void say(String format, Object... values) {
		String markdown = (values.length > 0) ? format(format, values) : format;
		System.out.println(markdown);
		try {
			Files.writeString(file("summary.md"), this.summary.append(markdown).append('\n'));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Append a row of a table to the summary. */
	void row(List<?> cells) {
		say(cells.stream().map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |")));
	}

	/** Write a picture and its data. */
	void keep(String picture, Picture content) throws IOException {
		Files.writeString(file(picture + ".svg"), content.svg());
		Files.write(file(picture + ".csv"), content.csv());
		publish(picture + ".svg");
	}

	/** Write a table of numbers that no picture is drawn from. */
	void keep(String table, List<String> names, List<double[]> rows) throws IOException {
		Stream<String> numbers = rows.stream()
			.map((row) -> DoubleStream.of(row)
				.mapToObj((value) -> format("%.3f", value))
				.collect(Collectors.joining(",")));
		Files.write(file(table + ".csv"), Stream.concat(Stream.of(String.join(",", names)), numbers).toList());
	}

	/** Copy a picture in the directory of the run to the documentation, if requested. */
	void publish(String picture) throws IOException {
		publish(picture, "docs/images/" + this.name + "-" + picture);
	}

	/** Copy a file in the directory of the run to the documentation, if requested. */
	void publish(String file, String target) throws IOException {
		if (has("docs")) {
			Files.copy(file(file), Program.ROOT.resolve(target), StandardCopyOption.REPLACE_EXISTING);
		}
	}

	/** Record the targets that were missed, each as a sentence. */
	public void missed(List<String> targets) {
		this.missed.addAll(targets);
	}

	/** Append the targets that were missed, and exit: with status 1 if there are any. */
	public void end() {
		say(this.missed.isEmpty() ? "\nNo target was missed." : "\nTargets missed:\n");
		this.missed.forEach((target) -> say("- " + target));
		System.exit(this.missed.isEmpty() ? 0 : 1);
	}

	static String format(String format, Object... values) {
		return String.format(Locale.ROOT, format, values);
	}

	/**
	 * Description of the machine and the versions that the results are from.
	 */
	static final class Machine {

		private Machine() {
		}

		/** Describe the machine and the versions, as a table in Markdown. */
		static String describe() throws IOException {
			return """
					| | |
					| --- | --- |
					| CPUs | %d: %s |
					| memory | %s |
					| operating system | %s %s, %s |
					| JVM | %s %s |
					| Spring Boot | %s |
					| Netty, Reactor Netty | %s, %s |
					""".formatted(Runtime.getRuntime().availableProcessors(), find("model name", "/proc/cpuinfo"),
					find("MemTotal", "/proc/meminfo"), System.getProperty("os.name"),
					System.getProperty("os.version").replaceFirst("-.*", ""), System.getProperty("os.arch"),
					System.getProperty("java.vm.name"), System.getProperty("java.vm.version"),
					SpringBootVersion.getVersion(),
					Optional.ofNullable(Version.identify().get("netty-common"))
						.map(Version::artifactVersion)
						.orElse("unknown"),
					Optional.ofNullable(HttpServer.class.getPackage().getImplementationVersion()).orElse("unknown"));
		}

		/** Describe the date and the commit of a run, as a sentence. */
		static String provenance() {
			Command git = Command.run(Path.of(System.getProperty("java.io.tmpdir")), "",
					List.of("git", "-C", Program.ROOT.toString(), "describe", "--always", "--dirty=, with changes"));
			return "Made on %s at commit %s.".formatted(LocalDate.now(ZoneOffset.UTC),
					(git.status() == 0) ? git.output().strip() : "unknown");
		}

		private static String find(String name, String file) throws IOException {
			Matcher matcher = Pattern.compile(name + "\\s*:\\s*(.+)").matcher(Files.readString(Path.of(file)));
			return matcher.find() ? matcher.group(1).strip() : "unknown";
		}

	}

	/**
	 * The targets of a scenario, of which those that were missed are kept. Not
	 * thread-safe.
	 */
	static final class Targets {

		private final String scenario;

		private final List<String> missed = new ArrayList<>();

		Targets(String scenario) {
			this.scenario = scenario;
		}

		/** Check a target, which is described with the values that were measured. */
		Targets check(boolean met, String description, Object... values) {
			if (!met) {
				this.missed.add(this.scenario + ": " + Run.format(description, values));
			}
			return this;
		}

		List<String> missed() {
			return this.missed;
		}

	}

}
