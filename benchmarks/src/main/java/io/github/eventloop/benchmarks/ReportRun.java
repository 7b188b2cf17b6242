package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.core.io.ClassPathResource;

/**
 * Generator of {@code docs/benchmarks.md} from the results of the benchmarks.
 */
public final class ReportRun {

	private static final List<String> RUNS = List.of("truth", "outside", "peers", "jmh", "cost", "idle", "start",
			"page", "soak");

	private ReportRun() {
	}

	public static void main(String[] arguments) throws IOException {
		String introduction = new ClassPathResource("introduction.md", ReportRun.class)
			.getContentAsString(StandardCharsets.UTF_8);
		Path page = Program.ROOT.resolve("docs/benchmarks.md");
		Files.writeString(page, combine(Run.RUNS, introduction, RUNS));
		System.out.println("Wrote " + page);
	}

	/**
	 * Combine the summaries of runs to one page in Markdown.
	 * @throws IllegalStateException if the results of a run are missing, or are from
	 * another machine or other versions than the rest
	 */
	static String combine(Path runs, String introduction, List<String> names) throws IOException {
		List<String> missing = names.stream()
			.filter((name) -> !Files.exists(runs.resolve(name).resolve("summary.md")))
			.toList();
		if (!missing.isEmpty()) {
			throw new IllegalStateException(
					"No results of %s: create them with 'benchmarks/run NAME'".formatted(String.join(", ", missing)));
		}
		String machine = read(runs, names.get(0), "machine.md");
		List<String> parts = new ArrayList<>(List.of(introduction.strip(), machine));
		for (String name : names) {
			if (!read(runs, name, "machine.md").equals(machine)) {
				throw new IllegalStateException(
						"The results of %s are from another machine or other versions than those of %s: repeat them"
							.formatted(name, names.get(0)));
			}
			parts.add(read(runs, name, "summary.md").replaceAll("(?m)^#", "##"));
			parts.add("%s Repeat it with `benchmarks/run %s`.".formatted(read(runs, name, "provenance.md"), name));
		}
		return String.join("\n\n", parts) + "\n";
	}

	private static String read(Path runs, String name, String file) throws IOException {
		return Files.readString(runs.resolve(name).resolve(file)).strip();
	}

}
