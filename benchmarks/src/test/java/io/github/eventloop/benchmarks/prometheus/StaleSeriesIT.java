package io.github.eventloop.benchmarks.prometheus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.Application;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Instance;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Loops that have ended, as seen by a real Prometheus: it continues to return series that
 * merely end for five minutes, unless a scrape without them, or a failed scrape, marks
 * them as stale.
 */
@Timeout(120)
class StaleSeriesIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@TempDir
	private Path directory;

	@BeforeEach
	void requirePrometheus() {
		assumeThat(Program.find("prometheus")).as("prometheus, which 'benchmarks/install prometheus' installs")
			.isPresent();
	}

	@Test
	void whenLoopsEndTheirSeriesShouldGoStale() {
		try (Instance instance = start(); Database prometheus = scrape(instance)) {
			await(prometheus, "eventloop_utilization{group=\"partner\"}", 1);
			assertThat(prometheus.query("{__name__=~\"eventloop_.+\",group=\"partner\"}")).hasSizeGreaterThan(20);
			Http.get(instance.url("/partner/end"));
			await(prometheus, "{__name__=~\"eventloop_.+\",group=\"partner\"}", 0);
			assertThat(prometheus.query("eventloop_utilization{group=\"reactor-http\"}")).isNotEmpty();
		}
	}

	@Test
	void whenInstanceEndsItsSeriesShouldGoStale() {
		try (Instance instance = start(); Database prometheus = scrape(instance)) {
			await(prometheus, "job:eventloop_in_service:ratio == 1", 1);
			instance.close();
			await(prometheus, "{__name__=~\"eventloop_.+\"}", 0);
			await(prometheus, "up == 0", 1);
			await(prometheus, "job:eventloop_in_service:ratio == 0", 1);
		}
	}

	private Instance start() {
		return Application.of(PartnerApplication.class)
			.frugal()
			.loops(1)
			.property("management.endpoints.web.exposure.include", "prometheus")
			.start("partner", this.directory);
	}

	private Database scrape(Instance instance) {
		return Database.prometheus(List.of(instance), List.of(Docs.RECORDING_RULES), this.directory);
	}

	private static void await(Database prometheus, String expression, int series) {
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(prometheus.query(expression)).as(expression).hasSize(series));
	}

}
