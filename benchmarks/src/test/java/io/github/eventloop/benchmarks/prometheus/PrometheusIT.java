package io.github.eventloop.benchmarks.prometheus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Application;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Instance;
import io.github.eventloop.benchmarks.Load;
import io.github.eventloop.benchmarks.LoadResult;
import io.github.eventloop.benchmarks.Plan;
import io.github.eventloop.benchmarks.Program;
import io.github.eventloop.benchmarks.prometheus.Database.Series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Two instances of the sample, one of which is made to sleep, as scraped by a real
 * Prometheus: verifies that its data matches the endpoint, and that rules and dashboard
 * find their data.
 */
@Timeout(180)
class PrometheusIT {

	private static final Duration WINDOW = Duration.ofSeconds(20);

	private static final int SLEEPS = 26;

	private static final int SLEEP_MILLIS = 200;

	private static final Pattern METRIC = Pattern.compile("\\b(?:[a-z_]+:)?(?:eventloop|http_server)_[a-z0-9_:]+");

	@TempDir
	private static Path directory;

	/** With a management port, and a loop that sleeps for a fifth of the time. */
	@AutoClose
	private static @Nullable Instance asleep;

	@AutoClose
	private static @Nullable Instance awake;

	@AutoClose
	private static @Nullable Database prometheus;

	/** The endpoint's data of the sleeping loop, while it slept. */
	private static @Nullable JsonNode sleeper;

	/** The quantiles in Prometheus at that time. */
	private static Map<Double, Double> quantiles = Map.of();

	@BeforeAll
	static void scrapeTwoInstances() {
		assumeThat(Program.find("prometheus")).as("prometheus, which 'benchmarks/install prometheus promtool' installs")
			.isPresent();
		CompletableFuture<Instance> other = CompletableFuture
			.supplyAsync(() -> sample().property("eventloop.shedding.enabled", true)
				.property("eventloop.blocking.detector", "jfr")
				.property("eventloop.workers.enabled", true)
				.start("awake", directory));
		asleep = sample().managementPort().start("asleep", directory);
		awake = other.join();
		prometheus = Database.prometheus(List.of(asleep, awake), List.of(Docs.RECORDING_RULES, Docs.ALERT_RULES),
				directory);
		Load.get(awake.url("/offenders/sleep?millis=20")).connections(4).start(Plan.steady(5, Duration.ofSeconds(2)));
		LoadResult slept = Load.get(asleep.url("/offenders/sleep?millis=" + SLEEP_MILLIS))
			.connections(1)
			.start(Plan.steady(1, Duration.ofSeconds(SLEEPS)))
			.await();
		assertThat(slept.count(LoadResult.Outcome.OK)).isEqualTo(SLEEPS);
		sleeper = busiest(asleep);
		quantiles = Map.of(0.5, quantile(0.5), 0.9, quantile(0.9), 0.99, quantile(0.99));
	}

	private static Application sample() {
		return Application.sample()
			.frugal()
			.loops(2)
			.property("eventloop.window", WINDOW.toSeconds() + "s")
			.property("management.metrics.distribution.percentiles-histogram.eventloop.lag", true);
	}

	private static JsonNode busiest(Instance instance) {
		return instance.eventLoops("")
			.get("loops")
			.valueStream()
			.max((a, b) -> Double.compare(a.get("utilization").asDouble(), b.get("utilization").asDouble()))
			.orElseThrow();
	}

	private static double quantile(double quantile) {
		return query("histogram_quantile(%s, rate(eventloop_lag_seconds_bucket{instance=\"%s\",name=\"%s\"}[%ds]))"
			.formatted(quantile, Database.target(asleep), sleeper.get("name").asString(), WINDOW.toSeconds())).get(0)
			.value();
	}

	@ParameterizedTest
	@MethodSource("io.github.eventloop.benchmarks.prometheus.Docs#meters")
	void everyMeterShouldHaveItsTypeAndUnit(Docs.Meter meter) {
		String type = switch (meter.type()) {
			case "timer" -> meter.name().equals("eventloop.lag") ? "histogram" : "summary";
			default -> meter.type();
		};
		String series = meter.family() + switch (meter.type()) {
			case "timer" -> "_count";
			case "counter" -> "_total";
			default -> "";
		};
		assertThat(query(series)).as(series).isNotEmpty();
		assertThat(metadata(series, meter.family())).as(series).containsOnly(type);
		if (meter.type().equals("timer")) {
			assertThat(query(meter.family() + "_sum")).isNotEmpty();
			assertThat(metadata(meter.family() + "_max")).containsOnly("gauge");
		}
	}

	private static Set<String> metadata(String... names) {
		Set<String> types = new TreeSet<>();
		for (String name : names) {
			prometheus.get("/metadata", "metric", name)
				.path(name)
				.forEach((metadata) -> types.add(metadata.get("type").asString()));
		}
		return types;
	}

	@Test
	void scrapeShouldContainOnlyDocumentedMeters() {
		Set<String> documented = Docs.meters().stream().map(Docs.Meter::family).collect(Collectors.toSet());
		Set<String> present = query("{__name__=~\"eventloop_.+\"}").stream()
			.map((series) -> series.label("__name__").replaceAll("_(total|count|sum|max|bucket)$", ""))
			.collect(Collectors.toSet());
		assertThat(present).isEqualTo(documented);
	}

	@Test
	void linterShouldFindNothing() {
		assumeThat(Program.find("promtool")).as("promtool, which 'benchmarks/install promtool' installs").isPresent();
		for (Instance instance : List.of(asleep, awake)) {
			// Some of Spring Boot's own meters have no description, or an abbreviated
			// unit.
			String scrape = Http.get(instance.managementUrl("/actuator/prometheus"))
				.lines()
				.filter((line) -> line.matches("(# (HELP|TYPE) )?eventloop_.*"))
				.collect(Collectors.joining("\n", "", "\n"));
			assertThat(scrape).contains("# TYPE eventloop_lag_seconds histogram");
			Command lint = Command.run(directory, scrape, List.of(Program.path("promtool"), "check", "metrics"));
			assertThat(lint.output()).isEmpty();
			assertThat(lint.status()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.5, 0.9, 0.99 })
	void quantileShouldAgreeWithTheEndpoint(double quantile) {
		double endpoint = sleeper.get("lag").get("p%.0fMillis".formatted(100 * quantile)).asDouble() / 1000;
		Buckets buckets = Buckets.of(query("eventloop_lag_seconds_bucket{instance=\"%s\",name=\"%s\"}"
			.formatted(Database.target(asleep), sleeper.get("name").asString())));
		// The two windows end within a second of each other.
		assertThat(buckets.between(endpoint, quantiles.get(quantile)))
			.as("buckets from %s of the endpoint to %s", endpoint, quantiles.get(quantile))
			.isLessThanOrEqualTo(1);
	}

	@Test
	void stallsShouldAddUp() {
		for (Instance instance : List.of(asleep, awake)) {
			Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				long endpoint = instance.eventLoops("").at("/stalls/total").asLong();
				assertThat(sum("sum(eventloop_stalls_seconds_count{instance=\"%s\"})", instance)).isEqualTo(endpoint);
			});
		}
		double sleeping = sum("sum(eventloop_stalls_seconds_count{instance=\"%s\",cause=\"sleeping\"})", asleep);
		// Some may not have been scheduled immediately when they woke up.
		assertThat(sleeping).isBetween(0.8 * SLEEPS, (double) SLEEPS);
		assertThat(sum("sum(eventloop_stalls_seconds_sum{instance=\"%s\",cause=\"sleeping\"})", asleep) / sleeping)
			.isBetween(SLEEP_MILLIS / 1000.0, 2 * SLEEP_MILLIS / 1000.0);
	}

	private static double sum(String expression, Instance instance) {
		return query(expression.formatted(Database.target(instance))).get(0).value();
	}

	@ParameterizedTest
	@MethodSource("queries")
	void everyQueryOfTheDashboardShouldReturnData(Dashboard.Query query) {
		List<Series> result = query(query.expression());
		assertThat(result).isNotEmpty().anySatisfy((series) -> assertThat(series.value()).isFinite());
		if (query.label() != null) {
			assertThat(result).allSatisfy((series) -> assertThat(series.labels()).containsKey(query.label()));
		}
	}

	static List<Dashboard.Query> queries() {
		return Dashboard.read().queries();
	}

	@Test
	void everyRecordingRuleShouldReturnData() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(Docs.rules(Docs.RECORDING_RULES)).isNotEmpty()
				.allSatisfy((rule) -> assertThat(query(rule.get("record").toString())).as("%s", rule.get("record"))
					.anySatisfy((series) -> assertThat(series.value()).isFinite())));
	}

	/** Whether alerts fire in time is covered by their own tests. */
	@Test
	void alertsShouldFindAllMetricsTheyUse() {
		assertThat(prometheus.get("/rules", "type", "alert")
			.at("/groups")
			.valueStream()
			.flatMap((group) -> group.get("rules").valueStream())).isNotEmpty()
			.allSatisfy((rule) -> assertThat(rule.get("health").asString()).as("%s", rule).isEqualTo("ok"));
		Set<String> metrics = Docs.rules(Docs.ALERT_RULES)
			.stream()
			.flatMap((rule) -> METRIC.matcher(rule.get("expr").toString()).results())
			.map(MatchResult::group)
			.collect(Collectors.toSet());
		assertThat(metrics).hasSizeGreaterThan(8)
			.allSatisfy((metric) -> assertThat(query(metric)).as(metric).isNotEmpty());
	}

	private static List<Series> query(String expression) {
		return prometheus.query(expression);
	}

}
