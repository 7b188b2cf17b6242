package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what becomes of an instance one of whose loops is blocked again and again,
 * never for so long that it is stuck, among loops that carry many idle connections: from
 * what loops record to the status, in a time that the test makes.
 */
class BlockedLoopTests {

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopHealth health = new EventLoopHealth(this.time.monitor(),
			new TestSettings().startupGrace(0).build(), (event) -> {
			}, List.of(), StartupState.READY, this.time::now);

	@AfterEach
	void stop() {
		this.health.destroy();
	}

	@ParameterizedTest
	@CsvSource({ "3, 200, 2, 0, OVERLOADED", "7, 1000, 1, 0, OVERLOADED", "7, 1000, 0, 0, OVERLOADED",
			"31, 40, 0, 1, OVERLOADED", "15, 3, 1, 0, OVERLOADED" })
	void whenOneLoopIsBlockedShouldLeaveServiceHoweverManyConnectionsOthersCarry(int others, int connections,
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

	/** What nobody uses does not count, and a short stall of one loop does no harm. */
	@ParameterizedTest
	@CsvSource({ "3, 200, 2, 0", "7, 10, 1, 4" })
	void whenItIsShortShouldStayInService(int others, int connections, int channels, int requests) {
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

	/** For 900 ms of each second. */
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
