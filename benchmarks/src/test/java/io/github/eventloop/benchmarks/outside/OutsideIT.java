package io.github.eventloop.benchmarks.outside;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.IdleMachine;

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
	void lagShouldMatchTheLatencyOfAClient() {
		IdleMachine.test(this::assertThatLagMatchesLatency);
	}

	private void assertThatLagMatchesLatency() {
		List<Disturbance> waiting = Disturbance.ALL.stream()
			.filter((disturbance) -> List.of("sleep", "http").contains(disturbance.name()))
			.toList();
		assertThat(waiting).hasSize(2);
		try (Experiment experiment = new Experiment(Duration.ofSeconds(10), this.logs)) {
			for (Disturbance disturbance : waiting) {
				Comparison comparison = experiment.disturb(disturbance);
				double seen = comparison.seen().p99();
				assertThat(seen).as(disturbance.name()).isGreaterThan(40);
				// The machine may be busy, and the latency includes the lag of the
				// client.
				assertThat(comparison.reported().p99()).as(disturbance.name()).isBetween(0.7 * seen - 5, 1.2 * seen);
				assertThat(comparison.reported().p50()).as(disturbance.name())
					.isLessThan(comparison.reported().p99() / 4);
			}
		}
	}

}
