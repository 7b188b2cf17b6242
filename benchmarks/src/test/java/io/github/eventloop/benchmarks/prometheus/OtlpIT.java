package io.github.eventloop.benchmarks.prometheus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Application;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Instance;
import io.github.eventloop.benchmarks.Load;
import io.github.eventloop.benchmarks.OverloadedApplication;
import io.github.eventloop.benchmarks.Plan;
import io.github.eventloop.benchmarks.Program;
import io.github.eventloop.benchmarks.prometheus.Database.Series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Meters that Micrometer pushes with OTLP, as stored by a real receiver: with the
 * settings in {@code docs/prometheus.md}, they are the same as those that Prometheus
 * scrapes.
 */
@Timeout(120)
class OtlpIT {

	/**
	 * Meters that depend on a setting, or on a call, that the application does not have.
	 */
	private static final Set<String> ABSENT = Set.of("eventloop_blocking_calls_seconds", "eventloop_shed_requests",
			"eventloop_workers_latency_seconds", "eventloop_workers_waiting_seconds");

	/** Neither the rules nor the dashboard use the decaying maximum. */
	private static final String LONGEST = "_max_seconds";

	@TempDir
	private Path directory;

	@BeforeEach
	void requireVictoriaMetrics() {
		assumeThat(Program.find("victoria-metrics"))
			.as("victoria-metrics, which 'benchmarks/install victoria-metrics' installs")
			.isPresent();
	}

	@Test
	void pushedMetersShouldEqualScrapedMeters() {
		try (Database metrics = Database.victoriaMetrics(this.directory); Instance instance = start(metrics)) {
			Load.get(instance.url("/work/200")).connections(1).start(Plan.steady(1, Duration.ofSeconds(15))).await();
			long end = System.currentTimeMillis() / 1000;
			JsonNode lag = instance.eventLoops("").get("lag");
			Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				assertThat(families(metrics)).isEqualTo(documented());
				assertThat(stalls(metrics)).isEqualTo(stalls(instance)).isGreaterThanOrEqualTo(15);
			});
			Buckets buckets = Buckets.of(query(metrics, "eventloop_lag_seconds_bucket"));
			assertThat(buckets.bounds()).hasSizeGreaterThan(60);
			// Pushed values may be a second late.
			assertThat(buckets.between(lag.get("p90Millis").asDouble() / 1000, quantile(metrics, 0.9, end)))
				.isLessThanOrEqualTo(2);
			assertThat(buckets.between(lag.get("p99Millis").asDouble() / 1000, quantile(metrics, 0.99, end)))
				.isLessThanOrEqualTo(2);
			assertThat(query(metrics, "eventloop_utilization")).singleElement().satisfies((series) -> {
				assertThat(series.labels()).containsEntry("group", "reactor-http")
					.containsEntry("service_name", "overloaded")
					.containsEntry("service_instance_id", "overloaded-1");
				assertThat(series.label("name")).startsWith("reactor-http-");
			});
			assertThat(Dashboard.read().queries()).filteredOn(OtlpIT::isPushed)
				.hasSizeGreaterThan(30)
				.allSatisfy((query) -> assertThat(query(metrics, query.expression())).as("%s", query).isNotEmpty());
		}
	}

	private Instance start(Database metrics) {
		return Application.of(OverloadedApplication.class)
			.frugal()
			.loops(1)
			.property("spring.application.name", "overloaded")
			.property("management.opentelemetry.resource-attributes[service.instance.id]", "overloaded-1")
			.property("management.otlp.metrics.export.enabled", true)
			.property("management.otlp.metrics.export.url", metrics.url() + "/opentelemetry/v1/metrics")
			.property("management.otlp.metrics.export.step", "1s")
			.property("management.otlp.metrics.export.base-time-unit", "seconds")
			.property("management.metrics.distribution.percentiles-histogram.eventloop.lag", true)
			.property("management.metrics.distribution.slo.eventloop.stalls", "1s")
			.property("management.metrics.distribution.slo.eventloop.pauses", "1s")
			.start("overloaded", this.directory);
	}

	private static Set<String> documented() {
		return Docs.meters()
			.stream()
			.map(Docs.Meter::family)
			.filter((family) -> !ABSENT.contains(family))
			.collect(Collectors.toSet());
	}

	private static Set<String> families(Database metrics) {
		return query(metrics, "{__name__=~\"eventloop_.+\"}").stream()
			.map((series) -> series.label("__name__"))
			.filter((name) -> !name.endsWith(LONGEST))
			.map((name) -> name.replaceAll("_(total|count|sum|bucket)$", ""))
			.collect(Collectors.toSet());
	}

	private static double stalls(Database metrics) {
		return value(metrics, "sum(eventloop_stalls_seconds_count)");
	}

	private static double stalls(Instance instance) {
		return instance.eventLoops("").at("/stalls/total").asDouble();
	}

	private static double quantile(Database metrics, double quantile, long at) {
		return value(metrics, "histogram_quantile(%s, sum by (le) (rate(eventloop_lag_seconds_bucket[10s] @ %d)))"
			.formatted(quantile, at));
	}

	private static List<Series> query(Database metrics, String expression) {
		Http.get(metrics.url() + "/internal/force_flush");
		return metrics.query(expression);
	}

	private static double value(Database metrics, String expression) {
		return query(metrics, expression).stream().mapToDouble(Series::value).findFirst().orElse(Double.NaN);
	}

	private static boolean isPushed(Dashboard.Query query) {
		return ABSENT.stream().noneMatch(query.expression()::contains) && query.label() == null;
	}

}
