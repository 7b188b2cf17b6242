package io.github.eventloop.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Generator of {@code docs/benchmarks.md} from the results of the benchmarks.
 */
public final class ReportRun {

	private static final List<String> RUNS = List.of("truth", "outside", "peers", "jmh", "cost", "idle", "start",
			"page", "soak");

	private ReportRun() {
	}

	/**
	 * Write the page.
	 * @param arguments none
	 * @throws IOException if it cannot be written
	 */
	public static void main(String[] arguments) throws IOException {
		Path root = Path.of(System.getProperty("benchmarks.root", ".")).toAbsolutePath().normalize();
		String report = new Report(root.resolve("benchmarks/target/runs")).of(introduction(), RUNS);
		Path page = root.resolve("docs/benchmarks.md");
		Files.writeString(page, report);
		System.out.println("Wrote " + page);
	}

	private static String introduction() throws IOException {
		try (InputStream file = ReportRun.class.getResourceAsStream("introduction.md")) {
			if (file == null) {
				throw new IllegalStateException("introduction.md is missing");
			}
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
