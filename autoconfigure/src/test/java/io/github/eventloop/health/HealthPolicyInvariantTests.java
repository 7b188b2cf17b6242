package io.github.eventloop.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds of {@link HealthPolicy} whatever it is told.
 */
class HealthPolicyInvariantTests {

	private static final int SECONDS = 2_000;

	static List<Long> seeds() {
		List<Long> seeds = new ArrayList<>();
		for (long seed = 1; seed <= 50; seed++) {
			seeds.add(seed);
		}
		return seeds;
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void shouldHoldForAnyInput(long seed) {
		Random random = new Random(seed);
		HealthSettings settings = new TestSettings().overloadedUtilization(0.9)
			.startupGrace(random.nextInt(60))
			.recoverAfter(1 + random.nextInt(20))
			.maxOutOfService(1 + random.nextInt(120))
			.build();
		PolicyRun run = new PolicyRun(settings);
		Input input = new Input(random);
		Witness witness = new Witness(settings);
		for (int second = 0; second < SECONDS; second++) {
			witness.check(run, input.next(run), second);
		}
	}

	/**
	 * Moods that last for a while, so that every state is reached and left in all ways.
	 */
	private static final class Input {

		private final Random random;

		private double trouble;

		private double stuck;

		Input(Random random) {
			this.random = random;
		}

		Kind next(PolicyRun run) {
			if (this.random.nextInt(40) == 0) {
				this.trouble = this.random.nextInt(5) / 4.0;
				this.stuck = (this.random.nextInt(3) == 0) ? this.random.nextDouble() : 0;
			}
			if (this.random.nextDouble() < this.stuck) {
				run.stuck(2000 + this.random.nextInt(10_000));
				return Kind.STUCK;
			}
			if (this.random.nextDouble() < this.trouble) {
				if (this.random.nextBoolean()) {
					run.utilization(0.9 + this.random.nextDouble() / 10);
				}
				else {
					run.lag(200 + this.random.nextInt(5000));
				}
				return Kind.BAD;
			}
			if (this.random.nextDouble() < this.trouble) {
				run.lag(101 + this.random.nextInt(99));
				return Kind.MIDDLING;
			}
			run.lag(this.random.nextInt(101));
			return Kind.CALM;
		}

	}

	private enum Kind {

		CALM, MIDDLING, BAD, STUCK

	}

	private static final class Witness {

		private final HealthSettings settings;

		private final List<Kind> seen = new ArrayList<>();

		private boolean inService = true;

		/** The seconds that the present time in or out of service has lasted. */
		private int lasted;

		private int calm;

		Witness(HealthSettings settings) {
			this.settings = settings;
		}

		void check(PolicyRun run, Kind kind, int second) {
			EventLoopStatus status = run.last().status();
			String reason = run.last().reason();
			boolean inGrace = second < this.settings.startupGrace().toSeconds();
			this.seen.add(kind);
			assertThat(reason).isNotBlank().doesNotContain("NaN", "null");
			if (inGrace) {
				assertThat(status).isNotEqualTo(EventLoopStatus.OVERLOADED);
			}
			this.calm = (kind == Kind.CALM || (inGrace && kind != Kind.STUCK)) ? this.calm + 1 : 0;
			if (status.isInService() == this.inService) {
				this.lasted++;
			}
			else if (this.inService) {
				checkLeaving(status, inGrace);
			}
			else {
				checkReturn(status, reason);
			}
			if (!this.inService) {
				assertThat(this.lasted).as("seconds out of service")
					.isLessThanOrEqualTo((int) this.settings.maxOutOfService().toSeconds());
			}
			if (reason.startsWith("on probation")) {
				assertThat(status).isEqualTo(EventLoopStatus.DEGRADED);
			}
		}

		private void checkLeaving(EventLoopStatus status, boolean inGrace) {
			Kind last = this.seen.get(this.seen.size() - 1);
			if (status == EventLoopStatus.STUCK) {
				assertThat(last).isEqualTo(Kind.STUCK);
			}
			else {
				List<Kind> window = this.seen.subList(Math.max(0, this.seen.size() - 10), this.seen.size());
				assertThat(inGrace).isFalse();
				assertThat(last).isEqualTo(Kind.BAD);
				assertThat(window.stream().filter((kind) -> kind == Kind.BAD).count())
					.isGreaterThanOrEqualTo(this.settings.tripAfter().toSeconds());
			}
			this.inService = false;
			this.lasted = 1;
		}

		private void checkReturn(EventLoopStatus status, String reason) {
			if (reason.startsWith("on probation")) {
				assertThat((long) this.lasted).isEqualTo(this.settings.maxOutOfService().toSeconds());
			}
			else {
				assertThat((long) this.calm).isGreaterThanOrEqualTo(this.settings.recoverAfter().toSeconds());
			}
			assertThat(status.isInService()).isTrue();
			this.inService = true;
			this.lasted = 1;
		}

	}

}
