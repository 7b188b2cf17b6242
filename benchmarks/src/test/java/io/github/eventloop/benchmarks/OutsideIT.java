package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.OutsideRun.Disturbance;
import io.github.eventloop.benchmarks.OutsideRun.Quantile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Shortened version of the benchmark {@code outside}, with offenders that use no CPU: on
 * a busy machine, the others delay the client as well.
 */
@Timeout(240)
class OutsideIT {

	@TempDir
	private Path logs;

	@Test
	void lagShouldMatchTheLatencyOfAClient() throws Throwable {
		IdleMachine.test(this::assertThatLagMatchesLatency);
	}

	private void assertThatLagMatchesLatency() {
		List<Disturbance> waiting = Disturbance.ALL.stream()
			.filter((disturbance) -> List.of("sleep", "http").contains(disturbance.name()))
			.toList();
		assertThat(waiting).hasSize(2);
		try (OutsideRun outside = new OutsideRun(Duration.ofSeconds(10), this.logs)) {
			for (Disturbance disturbance : waiting) {
				List<Quantile> quantiles = outside.disturb(disturbance);
				Quantile p99 = quantiles.get(2);
				assertThat(p99.seen()).as(disturbance.name()).isGreaterThan(40);
				// The machine may be busy, and the latency includes the lag of the
				// client.
				assertThat(p99.reported()).as(disturbance.name()).isBetween(0.7 * p99.seen() - 5, 1.2 * p99.seen());
				assertThat(quantiles.get(0).reported()).as(disturbance.name()).isLessThan(p99.reported() / 4);
			}
		}
	}

}
