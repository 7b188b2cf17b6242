package io.github.eventloop.shedding;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.web.internal.TestLoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link LagSheddingPolicy}.
 */
class LagSheddingPolicyTests {

	private final LagSheddingPolicy policy = new LagSheddingPolicy(Duration.ofMillis(50), Duration.ofMillis(200));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			#  ms |  low | normal | high
			    0 |  0   |  0     |  0
			   50 |  0   |  0     |  0
			   80 |  0.4 |  0.2   |  0
			  125 |  1   |  0.5   |  0
			  170 |  1   |  0.8   |  0.6
			  200 |  1   |  1     |  1
			60000 |  1   |  1     |  1
			""")
	void shareShouldGrowWithLagFromLowToHighPriority(long millis, double low, double normal, double high) {
		assertThat(share(millis, RequestPriority.LOW)).isCloseTo(low, within(1e-9));
		assertThat(share(millis, RequestPriority.NORMAL)).isCloseTo(normal, within(1e-9));
		assertThat(share(millis, RequestPriority.HIGH)).isCloseTo(high, within(1e-9));
	}

	@Test
	void shareShouldNeverDecreaseWithLagNorIncreaseWithPriority() {
		double[] last = new double[3];
		for (long millis = 0; millis < 300; millis++) {
			double[] shares = { share(millis, RequestPriority.LOW), share(millis, RequestPriority.NORMAL),
					share(millis, RequestPriority.HIGH) };
			for (int i = 0; i < shares.length; i++) {
				assertThat(shares[i]).isBetween(last[i], 1.0);
			}
			assertThat(shares[0]).isGreaterThanOrEqualTo(shares[1]);
			assertThat(shares[1]).isGreaterThanOrEqualTo(shares[2]);
			last = shares;
		}
	}

	@Test
	void whenLagIsOutOfRangeShouldClampShare() {
		LagSheddingPolicy narrow = new LagSheddingPolicy(Duration.ofNanos(1), Duration.ofNanos(2));
		TestLoop loop = new TestLoop();
		assertThat(narrow.shareToShed(loop, Long.MAX_VALUE, RequestPriority.NORMAL)).isOne();
		assertThat(narrow.shareToShed(loop, -1, RequestPriority.LOW)).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			PT0S    | PT0.2S | startLag | 0s   | must be longer than 0 and shorter than the full lag of 200ms
			PT-1S   | PT0.2S | startLag | -1s  | must be longer than 0 and shorter than the full lag of 200ms
			PT0.2S  | PT0.2S | startLag | 200ms | must be longer than 0 and shorter than the full lag of 200ms
			PT0.05S | PT0S   | fullLag  | 0s   | must be longer than 0 and at most 60s
			PT0.05S | PT61S  | fullLag  | 61s  | must be longer than 0 and at most 60s
			""")
	void whenSettingIsOutOfRangeShouldReportRule(Duration startLag, Duration fullLag, String setting, String value,
			String rule) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new LagSheddingPolicy(startLag, fullLag))
			.satisfies((ex) -> {
				assertThat(ex.getSetting()).isEqualTo(setting);
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getRule()).isEqualTo(rule);
			});
	}

	private double share(long millis, RequestPriority priority) {
		return this.policy.shareToShed(new TestLoop(), Duration.ofMillis(millis).toNanos(), priority);
	}

}
