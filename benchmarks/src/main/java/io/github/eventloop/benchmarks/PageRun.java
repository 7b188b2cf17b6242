package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.apache.commons.math3.stat.StatUtils;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Run.Targets;

/**
 * The {@linkplain PagePictures pictures} of the live page, how soon it is painted, and
 * the cost of ten open pages for the application.
 */
public final class PageRun {

	private static final String PRODUCT = "/products/1";

	private static final int PAGES = 10;

	private static final int LOADS = 10;

	private static final int FIRST_PAINT_TARGET = 300;

	/** Percent of a core, for the threads that serve ten pages and nothing else. */
	private static final double SERVING_TARGET = 0.5;

	private static final String FIRST_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

	/** Requests per second. */
	private static final int OTHERS = 500;

	private static final int ROUNDS = 5;

	/** As in the page: when it polls, after the end of a second. */
	private static final long DELAY_MILLIS = 100;

	/** As in the page: the time between two requests for the diagnosis. */
	private static final long DIAGNOSIS_MILLIS = 30_000;

	private PageRun() {
	}

	/** The duration of a measurement is in seconds; 0 leaves out the cost. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("page", arguments, "seconds");
		Application shop = Application.sample().loops(4).jvm("-Xmx256m");
		run.progress("taking pictures: about three minutes");
		try (Instance instance = shop.property("POD_NAME", "shop-7d4f9c-x2x9k")
			.property("eventloop.health.startup-grace", "5s")
			.start("pictures", run.directory()); Browser browser = Browser.open()) {
			new PagePictures(instance, browser, run).take();
			firstPaint(instance, browser, run);
		}
		Duration duration = Duration.ofSeconds(run.get("seconds", 20));
		if (!duration.isZero()) {
			try (Instance instance = shop.managementPort().start("read", run.directory())) {
				measure(instance, duration, run);
			}
		}
		run.end();
	}

	/** Measure first visits: nothing is in the cache of the browser. */
	private static void firstPaint(Instance instance, Browser browser, Run run) {
		double[] millis = new double[LOADS];
		for (int i = 0; i < LOADS; i++) {
			browser.go("about:blank");
			browser.forget();
			browser.go(instance.url("/actuator/eventloop"));
			browser.await("the first paint", () -> !browser.run(FIRST_PAINT).equals(""));
			millis[i] = ((Number) browser.run(FIRST_PAINT)).doubleValue();
		}
		double median = StatUtils.percentile(millis, 50);
		run.say("""
				# First paint of the page

				Time from the beginning of the navigation to the first contentful paint in Chromium, without its cache: the
				median of %d loads is %.0f ms (%.0f to %.0f ms). The target is %d ms.
				""",
				LOADS, median, StatUtils.min(millis), StatUtils.max(millis), FIRST_PAINT_TARGET);
		run.missed(new Targets("first paint")
			.check(median <= FIRST_PAINT_TARGET, "%.0f ms, target %d ms", median, FIRST_PAINT_TARGET)
			.missed());
	}

	static RunningLoad load(Instance instance, int perSecond, Duration duration) {
		return Load.get(instance.url(PRODUCT))
			.connections(8)
			.timeout(Duration.ofSeconds(5))
			.start(Plan.steady(perSecond, duration));
	}

	private static void measure(Instance instance, Duration duration, Run run) {
		String live = instance.managementUrl("/actuator/eventloop/live");
		run.progress("warming up: about a minute");
		for (String url : List.of(instance.url(PRODUCT), live)) {
			try (Readers readers = new Readers(4, url, Duration.ZERO, false)) {
				Pause.of(Duration.ofSeconds(30));
			}
			Pause.of(Duration.ofSeconds(1));
		}
		run.say("""
				# Ten open pages

				CPU time of the sample, in percent of one core. The first three columns are of the whole process: without
				requests, with ten requests for a product per second, and with ten open pages. The last three are of the
				threads that serve the pages and nothing else, because there is a separate management port: without other
				requests, with %d requests for products per second, and if the pages poll at different times of a second,
				because the clocks of their machines differ.

				| | idle | products | pages | serving pages | serving pages, with other requests | serving pages, different clocks |
				| --- | --- | --- | --- | --- | --- | --- |""",
				OTHERS);
		Supplier<Duration> serving = () -> instance.process()
			.threads()
			.cpu((name) -> name.startsWith("management-http") || name.startsWith("eventloop-endpo"));
		double[][] columns = new double[6][ROUNDS];
		for (int round = 0; round < ROUNDS; round++) {
			columns[0][round] = percent(instance.process()::cpu, duration);
			columns[1][round] = withReaders(instance.url(PRODUCT), false,
					() -> percent(instance.process()::cpu, duration));
			columns[2][round] = withReaders(live, true, () -> percent(instance.process()::cpu, duration));
			columns[3][round] = withReaders(live, true, () -> percent(serving, duration));
			try (RunningLoad others = load(instance, OTHERS, duration.plusSeconds(5))) {
				columns[4][round] = withReaders(live, true, () -> percent(serving, duration));
				others.await();
			}
			columns[5][round] = withReaders(live, false, () -> percent(serving, duration));
			int number = round;
			row(run, String.valueOf(round + 1), Stream.of(columns).mapToDouble((column) -> column[number]));
		}
		row(run, "median", Stream.of(columns).mapToDouble((column) -> StatUtils.percentile(column, 50)));
		double median = StatUtils.percentile(columns[3], 50);
		run.missed(new Targets("ten open pages")
			.check(median <= SERVING_TARGET, "%.2f %% of a core, target %.1f %%", median, SERVING_TARGET)
			.missed());
	}

	private static void row(Run run, String name, DoubleStream figures) {
		run.row(Stream.concat(Stream.of(name), figures.mapToObj((figure) -> Run.format("%.2f", figure))).toList());
	}

	private static double withReaders(String url, boolean together, DoubleSupplier figure) {
		try (Readers readers = new Readers(PAGES, url, Duration.ofSeconds(1), together)) {
			Pause.of(Duration.ofSeconds(2));
			long before = readers.answers.get();
			long start = System.nanoTime();
			double value = figure.getAsDouble();
			long answers = readers.answers.get() - before;
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

	/**
	 * Clients that poll for updates like the live page does, each over its own
	 * connection: together, shortly after the end of a second, or at times that differ,
	 * as if their clocks did. Thread-safe.
	 */
	private static final class Readers implements AutoCloseable {

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final AtomicLong answers = new AtomicLong();

		Readers(int number, String url, Duration interval, boolean together) {
			for (int i = 0; i < number; i++) {
				Duration delay = interval.multipliedBy(i).dividedBy(number);
				this.threads.execute(() -> read(url, delay, interval, together));
			}
		}

		private void read(String url, Duration delay, Duration interval, boolean together) {
			HttpClient client = Http.newClient();
			String query = "";
			long after = 0;
			long diagnosed = 0;
			Pause.of(delay);
			while (!this.threads.isShutdown()) {
				JsonNode live = Http.json(client, url + query);
				JsonNode ends = live.at("/history/epochMillis");
				if (!ends.isEmpty()) {
					after = ends.get(ends.size() - 1).asLong();
					query = "?after=" + after + "&position=" + live.get("position").asLong();
				}
				this.answers.incrementAndGet();
				if (after / DIAGNOSIS_MILLIS != diagnosed) {
					diagnosed = after / DIAGNOSIS_MILLIS;
					Http.json(client, url.replaceFirst("live$", "diagnosis"));
				}
				Pause.of(together ? untilSecondEnds(after) : interval);
			}
		}

		/** As in the page: about a second. */
		private static Duration untilSecondEnds(long after) {
			double early = after + DELAY_MILLIS - System.currentTimeMillis() - 1000.0;
			return Duration.ofMillis(Math.round(1000 + early - Math.rint(early / 1000) * 1000));
		}

		@Override
		public void close() {
			this.threads.shutdown();
		}

	}

}
