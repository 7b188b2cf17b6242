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
			.leaveWithin(random.nextInt(30))
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

		private static final Pattern STAYING = Pattern.compile("staying in service for another (\\d+) s: ");

		private final HealthSettings settings;

		private final List<Kind> kinds = new ArrayList<>();

		private boolean inService = true;

		/** The seconds since it entered or left service. */
		private int lasted;

		private int calm;

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
				assertThat(reason).matches(".+; back in service in \\d+ s.*");
			}
			this.calm = (kind == Kind.CALM || (inGrace && kind != Kind.STUCK)) ? this.calm + 1 : 0;
			if (status.isInService() == this.inService) {
				this.lasted++;
			}
			else if (this.inService) {
				checkLeaving(status, inGrace);
			}
			else {
				checkReturn();
			}
			Matcher staying = STAYING.matcher(reason);
			if (staying.find()) {
				this.stays = Integer.parseInt(staying.group(1));
				assertThat(this.stays).isPositive();
			}
			if (!this.inService) {
				assertThat(this.lasted).as("seconds out of service")
					.isLessThanOrEqualTo((int) this.settings.maxOutOfService().toSeconds());
			}
		}

		private void checkLeaving(EventLoopStatus status, boolean inGrace) {
			assertThat(this.stays).as("remaining seconds to stay").isNotPositive();
			Kind last = this.kinds.get(this.kinds.size() - 1);
			if (status == EventLoopStatus.STUCK) {
				assertThat(last).isEqualTo(Kind.STUCK);
			}
			else {
				List<Kind> window = this.kinds.subList(Math.max(0, this.kinds.size() - 10), this.kinds.size());
				assertThat(inGrace).isFalse();
				assertThat(last).isEqualTo(Kind.BAD);
				assertThat(window.stream().filter((kind) -> kind == Kind.BAD).count())
					.isGreaterThanOrEqualTo(this.settings.tripAfter().toSeconds());
			}
			this.inService = false;
			this.lasted = 1;
		}

		/** It returns because it has recovered, or after the time limit. */
		private void checkReturn() {
			boolean recovered = this.calm >= this.settings.recoverAfter().toSeconds();
			boolean timeOver = this.lasted >= 0.75 * this.settings.maxOutOfService().toSeconds();
			assertThat(recovered || timeOver).as("recovered, or out for long enough").isTrue();
			this.inService = true;
			this.lasted = 1;
		}

	}

}
