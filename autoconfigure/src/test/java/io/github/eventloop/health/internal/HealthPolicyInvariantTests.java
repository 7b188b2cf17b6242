package io.github.eventloop.health.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the invariants of {@link HealthPolicy}, which hold for any input.
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
			.stayShare(random.nextInt(3) / 4.0)
			.build();
		PolicyRun run = new PolicyRun(settings, new Random(seed)::nextDouble);
		int readyAt = random.nextInt(100);
		Input input = new Input(random);
		InvariantChecker checker = new InvariantChecker(settings);
		for (int second = 0; second < SECONDS; second++) {
			run.ready(second >= readyAt);
			checker.check(run, input.next(run), second - readyAt);
		}
	}

	/**
	 * Random input in phases, so that every state is entered and left in all ways.
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
				return Kind.ELEVATED;
			}
			run.lag(this.random.nextInt(101));
			return Kind.CALM;
		}

	}

	private enum Kind {

		CALM, ELEVATED, BAD, STUCK

	}

	private static final class InvariantChecker {

		private static final Pattern STAYING = Pattern
			.compile("in service for another (\\d+) s in case all instances are overloaded$");

		private final HealthSettings settings;

		private final List<Kind> kinds = new ArrayList<>();

		private boolean inService = true;

		/** The seconds since it entered or left service. */
		private int lasted;

		private int calm;

		private int probation;

		/** The status with which it left service. */
		private EventLoopStatus leftAs = EventLoopStatus.HEALTHY;

		/** The seconds since it recovered from an overload, or began its probation. */
		private int sinceReturn = SECONDS;

		/** The seconds for which it stays in service, according to the reason. */
		private int stays;

		InvariantChecker(HealthSettings settings) {
			this.settings = settings;
		}

		void check(PolicyRun run, Kind kind, int second) {
			EventLoopStatus status = run.last().status();
			String reason = run.last().reason();
			boolean inGrace = second < this.settings.startupGrace().toSeconds();
			this.kinds.add(kind);
			this.stays--;
			assertThat(reason).isNotBlank().doesNotContain("NaN", "null");
			if (inGrace) {
				assertThat(status).isNotIn(EventLoopStatus.HEALTHY, EventLoopStatus.OVERLOADED);
			}
			else {
				assertThat(status).isNotEqualTo(EventLoopStatus.STARTING);
			}
			if (second < 0) {
				assertThat(status).isEqualTo(EventLoopStatus.STARTING);
			}
			else if (!status.isInService()) {
				assertThat(reason).matches(".+; back in service(, on probation,)? in \\d+ s.*");
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
			this.sinceReturn++;
			Matcher staying = STAYING.matcher(reason);
			if (staying.find()) {
				checkStaying(Integer.parseInt(staying.group(1)));
			}
			if (!this.inService) {
				assertThat(this.lasted).as("seconds out of service")
					.isLessThanOrEqualTo((int) this.settings.maxOutOfService().toSeconds());
			}
			checkProbation(status, reason);
		}

		private void checkProbation(EventLoopStatus status, String reason) {
			if (reason.startsWith("on probation")) {
				assertThat(status).isEqualTo(EventLoopStatus.DEGRADED);
				this.probation++;
				assertThat((double) this.probation).as("seconds on probation")
					.isLessThan(1.25 * this.settings.recoverAfter().toSeconds() + 1);
			}
			else if (this.probation > 0) {
				assertThat((long) this.probation).as("seconds on probation")
					.isGreaterThanOrEqualTo(this.settings.recoverAfter().toSeconds());
				this.probation = 0;
			}
		}

		private void checkLeaving(EventLoopStatus status, boolean inGrace) {
			Kind last = this.kinds.get(this.kinds.size() - 1);
			if (status == EventLoopStatus.STUCK) {
				assertThat(last).isEqualTo(Kind.STUCK);
			}
			else {
				List<Kind> window = this.kinds.subList(Math.max(0, this.kinds.size() - 10), this.kinds.size());
				assertThat(inGrace).isFalse();
				assertThat(this.stays).as("remaining seconds to stay").isNotPositive();
				assertThat(last).isEqualTo(Kind.BAD);
				assertThat(window.stream().filter((kind) -> kind == Kind.BAD).count())
					.isGreaterThanOrEqualTo(this.settings.tripAfter().toSeconds());
			}
			this.inService = false;
			this.leftAs = status;
			this.lasted = 1;
		}

		/** An instance stays only soon after its return, never the first time. */
		private void checkStaying(int seconds) {
			this.stays = seconds;
			assertThat(this.settings.stayShare()).isPositive();
			assertThat((double) this.sinceReturn).as("seconds since the return")
				.isLessThan(this.settings.maxOutOfService().toSeconds()
						+ 3.75 * this.settings.recoverAfter().toSeconds() + 1);
		}

		private void checkReturn(EventLoopStatus status, String reason) {
			if (reason.startsWith("on probation")) {
				assertThat((double) this.lasted).as("seconds out of service before probation")
					.isGreaterThanOrEqualTo(0.75 * this.settings.maxOutOfService().toSeconds());
				this.sinceReturn = 0;
			}
			else {
				assertThat((long) this.calm).isGreaterThanOrEqualTo(this.settings.recoverAfter().toSeconds());
				if (this.leftAs == EventLoopStatus.OVERLOADED) {
					this.sinceReturn = 0;
				}
			}
			assertThat(status.isInService()).isTrue();
			this.inService = true;
			this.lasted = 1;
		}

	}

}
