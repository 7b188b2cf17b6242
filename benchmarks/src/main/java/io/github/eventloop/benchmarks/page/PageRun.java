package io.github.eventloop.benchmarks.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Screenshots of the live page, and a benchmark of the cost of ten open pages for the
 * application.
 */
public final class PageRun {

	private static final String PRODUCT = "/products/1";

	private static final int PAGES = 10;

	/** Requests per second. */
	private static final int OTHERS = 500;

	private static final int ROUNDS = 5;

	private PageRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --seconds=} the duration of each measurement of CPU time
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("page", options);
		Application shop = Application.sample().loops(4).jvm("-Xmx256m");
		output.progress("taking screenshots: about a minute");
		try (Instance instance = shop.start("screenshots", output.directory()); Browser browser = Browser.open()) {
			screenshot(instance, browser, output);
		}
		Duration duration = options.seconds("seconds", Duration.ofSeconds(20));
		try (Instance instance = shop.property("management.server.port", 0).start("read", output.directory())) {
			measure(instance, duration, output);
		}
	}

	private static void screenshot(Instance instance, Browser browser, Output output) {
		browser.resize(1200, 900);
		browser.go(instance.url("/actuator/eventloop"));
		LoadRun load = Load.get(instance.url(PRODUCT))
			.connections(8)
			.timeout(Duration.ofSeconds(5))
			.start(Plan.steady(50, Duration.ofSeconds(45)));
		for (String offender : List.of("fibonacci", "sleep?millis=300", "regex", "sleep?millis=700")) {
			Pause.of(Duration.ofSeconds(8));
			visit(instance, offender);
		}
		Pause.of(Duration.ofSeconds(3));
		LoadRun blocked = visitLater(instance, "sleep?millis=4000");
		browser.await("a blocked loop", () -> browser.text("#blocked.alarm").contains("SleepController"));
		output.keep("blocked", browser::screenshot);
		blocked.await();
		load.await();
		browser.run("document.getElementById('draw').click()");
		browser.await("frames", () -> browser.count("#flame-graph g.frame") > 5);
		browser.prefer("dark");
		Pause.of(Duration.ofSeconds(2));
		browser.screenshot(output.directory().resolve("dark.png"));
	}

	private static void visit(Instance instance, String offender) {
		visitLater(instance, offender).await();
	}

	private static LoadRun visitLater(Instance instance, String offender) {
		return Load.get(instance.url("/offenders/" + offender))
			.connections(1)
			.timeout(Duration.ofSeconds(10))
			.start(Plan.steady(1, Duration.ofSeconds(1)));
	}

	private static void measure(Instance instance, Duration duration, Output output) {
		output.progress("warming up: about a minute");
		warmUp(instance.url(PRODUCT));
		warmUp(live(instance));
		output
			.say("""
					# Ten open pages

					CPU time of the sample, in percent of one core. The first three columns are of the whole process: without
					requests, with ten requests for a product per second, and with ten open pages. The last two are of the threads
					that serve the pages and nothing else, because there is a separate management port: without other requests, and
					with %d requests for products per second.

					| | idle | products | pages | serving pages | serving pages, with other requests |
					| --- | --- | --- | --- | --- | --- |"""
				.formatted(OTHERS));
		List<double[]> rounds = new ArrayList<>();
		for (int round = 1; round <= ROUNDS; round++) {
			double idle = percent(instance.process()::cpu, duration);
			double products = withReaders(instance.url(PRODUCT), () -> percent(instance.process()::cpu, duration));
			double pages = withReaders(live(instance), () -> percent(instance.process()::cpu, duration));
			double answering = withReaders(live(instance), () -> percent(answering(instance), duration));
			double underLoad;
			try (LoadRun others = others(instance, duration.plusSeconds(5))) {
				underLoad = withReaders(live(instance), () -> percent(answering(instance), duration));
				others.await();
			}
			rounds.add(new double[] { idle, products, pages, answering, underLoad });
			output.say(row(String.valueOf(round), rounds.get(round - 1)));
		}
		output.say(row("median", IntStream.range(0, 5).mapToDouble((column) -> median(rounds, column)).toArray()));
	}

	private static String live(Instance instance) {
		return "http://127.0.0.1:" + instance.managementPort() + "/actuator/eventloop/live";
	}

	private static LoadRun others(Instance instance, Duration duration) {
		return Load.get(instance.url(PRODUCT))
			.connections(8)
			.timeout(Duration.ofSeconds(5))
			.start(Plan.steady(OTHERS, duration));
	}

	private static Supplier<Duration> answering(Instance instance) {
		return () -> instance.process()
			.threads()
			.cpu((name) -> name.startsWith("management-http") || name.startsWith("boundedElastic"));
	}

	private static String row(String name, double[] figures) {
		return "| " + name + " | "
				+ Arrays.stream(figures)
					.mapToObj((figure) -> String.format(Locale.ROOT, "%.2f", figure))
					.collect(Collectors.joining(" | "))
				+ " |";
	}

	private static double median(List<double[]> rounds, int column) {
		return rounds.stream()
			.mapToDouble((round) -> round[column])
			.sorted()
			.skip(ROUNDS / 2)
			.findFirst()
			.orElseThrow();
	}

	private static void warmUp(String url) {
		try (Readers readers = new Readers(4, url, Duration.ZERO)) {
			Pause.of(Duration.ofSeconds(30));
		}
		Pause.of(Duration.ofSeconds(1));
	}

	private static double withReaders(String url, DoubleSupplier figure) {
		try (Readers readers = new Readers(PAGES, url, Duration.ofSeconds(1))) {
			Pause.of(Duration.ofSeconds(2));
			long before = readers.answers();
			long start = System.nanoTime();
			double value = figure.getAsDouble();
			long answers = readers.answers() - before;
			if (answers < PAGES * (System.nanoTime() - start) / 1e9 * 0.9) {
				throw new IllegalStateException("Only " + answers + " answers from " + url);
			}
			return value;
		}
	}

	/** CPU time in percent of one core. */
	private static double percent(Supplier<Duration> cpu, Duration duration) {
		Duration before = cpu.get();
		long start = System.nanoTime();
		Pause.of(duration);
		return 100.0 * cpu.get().minus(before).toNanos() / (System.nanoTime() - start);
	}

}
