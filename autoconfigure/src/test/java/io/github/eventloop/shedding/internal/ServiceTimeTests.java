package io.github.eventloop.shedding.internal;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link ServiceTime}.
 */
class ServiceTimeTests {

	private static final double MILLI = Duration.ofMillis(1).toNanos();

	private final ServiceTime serviceTime = new ServiceTime();

	private long active = 1000;

	@Test
	void beforeARequestHasBeenProcessedShouldBeUnknown() {
		assertThat(this.serviceTime.nanos()).isZero();
		requestTakes(0);
		assertThat(this.serviceTime.nanos()).isZero();
	}

	@Test
	void whenAllRequestsTakeTheSameShouldBeThat() {
		requestTakes(0);
		requestTakes(40);
		assertThat(this.serviceTime.nanos()).isEqualTo(40 * MILLI);
		requestTakes(40);
		assertThat(this.serviceTime.nanos()).isCloseTo(40 * MILLI, within(1.0));
	}

	@Test
	void shouldWeightRequestsByTheirTime() {
		for (int i = 0; i < 10_000; i++) {
			requestTakes((i % 10 == 0) ? 150 : 1);
		}
		// (9 * 1 * 1 + 150 * 150) / (9 * 1 + 150)
		assertThat(this.serviceTime.nanos()).isCloseTo(141.6 * MILLI, within(2 * MILLI));
	}

	@Test
	void shedRequestsShouldNotChangeIt() {
		for (int i = 0; i < 10_000; i++) {
			requestTakes((i % 10 == 0) ? 40 : 0.02);
		}
		assertThat(this.serviceTime.nanos()).isCloseTo(40 * MILLI, within(MILLI));
	}

	@Test
	void shouldForgetRequestsAfterTenSecondsOfWork() {
		for (int i = 0; i < 100; i++) {
			requestTakes(200);
		}
		for (int i = 0; i < 30_000; i++) {
			requestTakes(1);
		}
		// e^-3 of 200 ms
		assertThat(this.serviceTime.nanos()).isCloseTo(11 * MILLI, within(MILLI));
	}

	@Test
	void oneLongRequestShouldNotDetermineIt() {
		for (int i = 0; i < 25; i++) {
			requestTakes(40);
		}
		requestTakes(2000);
		// As if it took 160 ms.
		assertThat(this.serviceTime.nanos()).isCloseTo(56 * MILLI, within(2 * MILLI));
	}

	@Test
	void shouldBeLimited() {
		for (int i = 0; i < 50; i++) {
			requestTakes(5000);
		}
		assertThat(this.serviceTime.nanos()).isEqualTo(400 * MILLI);
	}

	/** A request arrives after another has taken some time. */
	private void requestTakes(double millis) {
		this.active += (long) (millis * MILLI);
		this.serviceTime.requestArrived(this.active);
	}

}
