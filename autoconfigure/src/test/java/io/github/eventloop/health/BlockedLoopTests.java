package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.health.internal.TestSettings;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the status of an instance with one loop that is blocked repeatedly, never for
 * so long that it is stuck, among loops with many idle connections: from the recordings
 * of the loops to the status, in simulated time.
 */
class BlockedLoopTests {

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopHealth health = new EventLoopHealth(this.time.monitor(),
			new TestSettings().startupGrace(0).build(), (event) -> {
			}, List.of(), StartupState.READY, null, true, this.time::now);

	@AfterEach
	void stop() {
		this.health.destroy();
	}

	@ParameterizedTest
	@CsvSource({ "3, 200, 2, 0, OVERLOADED", "7, 1000, 1, 0, OVERLOADED", "7, 1000, 0, 0, OVERLOADED",
			"31, 40, 0, 1, OVERLOADED", "15, 3, 1, 0, OVERLOADED" })
	void whenOneLoopIsBlockedShouldLeaveServiceRegardlessOfConnectionsOfOthers(int others, int connections,
			int channels, int requests, EventLoopStatus status) {
		this.health.afterPropertiesSet();
		IntStream.range(0, others)
			.forEach((i) -> this.time.addLoop("reactor-http", "idle-" + i).start().carrying(connections));
		ManualLoop blocked = this.time.addLoop("reactor-http", "blocked").start().carrying(channels);
		blocked.inFlightRequests = requests;
		seconds(5);
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.HEALTHY);
		block(blocked, 8);
		assertThat(this.health.status()).isEqualTo(status);
		assertThat(this.health.reason()).contains("lag p99 up to");
	}

	/** A single short stall does not matter, with or without requests in flight. */
	@ParameterizedTest
	@CsvSource({ "3, 200, 2, 0", "7, 10, 1, 4" })
	void whenStallIsShortShouldStayInService(int others, int connections, int channels, int requests) {
		this.health.afterPropertiesSet();
		IntStream.range(0, others)
			.forEach((i) -> this.time.addLoop("reactor-http", "idle-" + i).start().carrying(connections));
		ManualLoop blocked = this.time.addLoop("reactor-http", "blocked").start().carrying(channels);
		blocked.inFlightRequests = requests;
		seconds(5);
		blocked.iteration(Duration.ofMillis(350));
		this.time.pass(Duration.ofMillis(650));
		for (int i = 0; i < 12; i++) {
			this.time.endSecond();
			assertThat(this.health.status().isInService()).isTrue();
			this.time.pass(Duration.ofSeconds(1));
		}
	}

	/** Block a loop for 900 ms of each second. */
	private void block(ManualLoop loop, int seconds) {
		for (int i = 0; i < seconds; i++) {
			loop.iteration(Duration.ofMillis(900));
			this.time.pass(Duration.ofMillis(100));
			this.time.endSecond();
		}
	}

	private void seconds(int number) {
		for (int i = 0; i < number; i++) {
			this.time.pass(Duration.ofSeconds(1));
			this.time.endSecond();
		}
	}

}
