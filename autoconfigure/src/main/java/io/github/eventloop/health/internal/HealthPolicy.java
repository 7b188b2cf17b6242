package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;

/**
 * Policy that judges the event loops once a second. A state machine without a clock or a
 * thread: the same seconds and random draws always result in the same judgements.
 * {@link SecondRules} judge a single second, {@link ServiceTimers} keep the times and
 * draws, and {@link HealthReasons} word the reasons. There is one method for each state:
 *
 * <pre>
 *  NOT_STARTED --first loop--&gt; STARTING --grace is over--&gt; IN_SERVICE
 *                                  |                       |        ^
 *                                stuck          bad seconds, stuck  | recovered, or
 *                                  |                       v        | probation over
 *                                  +-----------------&gt; OUT_OF_SERVICE --too long--&gt; ON_PROBATION
 * </pre>
 *
 * <b>It judges seconds</b>, not the lag over the window: one stall of 500 ms remains in a
 * window of 10 s for 10 s and would look like sustained lag. Counted in seconds it is one
 * bad second; three of ten, consecutive or not, are an overload. A single stall counts as
 * one bad second, however many it spans. A stall in progress is judged by its age, and
 * counts second by second only if there was a bad second before it.
 * <p>
 * <b>Hysteresis</b>: recovery requires less lag, and for longer, than leaving service
 * does. An instance that receives no new traffic lags less for that very reason, and with
 * a single threshold it would leave and return forever.
 * <p>
 * <b>No instance stays out of service forever</b>: when all replicas lag for a common
 * reason, such as a slow backend or a bad release, having none of them in service is the
 * worst outcome. After a limited time they return regardless of their lag, and are judged
 * again.
 * <p>
 * <b>Not all replicas leave repeatedly</b>: a replica has only its own measurements, and
 * cannot distinguish whether it alone is slow or all are. So an overloaded replica leaves
 * at once, which solves the problem if it is the only one. If it is overloaded again soon
 * after its return, leaving did not help: perhaps all replicas are overloaded, and leave
 * and return together. Then a random draw decides: some leave, the others stay for a
 * while and draw again if they are still overloaded. A stuck replica never stays, as it
 * would not respond to requests.
 * <p>
 * <b>Durations have jitter</b>: how long a replica stays, is out of service at most, and
 * is on probation is drawn at random each time. The recovery time, which usually ends the
 * time out of service, is not: replicas that left together for the same reason return
 * together, and only the random draw keeps them from leaving together again. (In the
 * fleet simulation, jitter of the recovery time prolonged the time without any replica in
 * service.)
 * <p>
 * Not thread-safe.
 */
public final class HealthPolicy {

	/** The number of bad seconds after which the application leaves service. */
	private final long tripAfterSeconds;

	/** The seconds that the loops are judged by at present. */
	private final RecentSeconds recent;

	private final StartupGrace grace;

	private final SecondRules rules;

	private final ServiceTimers timers;

	private final HealthReasons reasons;

	private State state = State.NOT_STARTED;

	/** The status with which the application left service. */
	private EventLoopStatus leftAs = EventLoopStatus.OVERLOADED;

	/** The status while the application is out of service. */
	private EventLoopStatus outAs = EventLoopStatus.OVERLOADED;

	/**
	 * Create a policy that has not judged any second yet.
	 * @param settings the thresholds and durations to judge by
	 * @param window the time that bad seconds are counted over
	 * @param random uniformly distributed draws from 0 (inclusive) to 1 (exclusive); with
	 * 0 all durations are as in the settings
	 */
	public HealthPolicy(HealthSettings settings, Duration window, DoubleSupplier random) {
		this.tripAfterSeconds = settings.checkedFor(window).tripAfter().toSeconds();
		this.recent = new RecentSeconds(window);
		this.grace = new StartupGrace(settings.startupGrace());
		this.rules = new SecondRules(settings, this.grace);
		this.timers = new ServiceTimers(settings, random);
		this.reasons = new HealthReasons(settings, this.grace, this.rules, this.recent, this.timers);
	}

	/**
	 * Judge a second.
	 * @param second the second, later than all previous ones
	 * @return the judgement
	 */
	public Judgement judge(HealthInput second) {
		this.recent.add(second);
		this.grace.update(second);
		if (!second.started()) {
			this.state = State.NOT_STARTED;
		}
		return switch (this.state) {
			case NOT_STARTED -> notStarted(second);
			case STARTING -> starting(second);
			case IN_SERVICE -> inService(second);
			case OUT_OF_SERVICE -> outOfService(second);
			case ON_PROBATION -> onProbation(second);
		};
	}

	/**
	 * There is nothing to judge: no loop has started yet, or all of them have ended.
	 */
	private Judgement notStarted(HealthInput second) {
		if (!second.started()) {
			return second.ready() ? healthy("no event loop has started")
					: starting("no event loop has started, and the application is not ready yet");
		}
		this.timers.reset();
		return enterService(second);
	}

	/**
	 * Only a stuck loop counts, as class loading and the JIT compiler make new loops lag.
	 * Nothing counts until the application has been ready, as it is not in service yet.
	 */
	private Judgement starting(HealthInput second) {
		if (this.grace.hasStarted() && this.rules.isStuck(second)) {
			return leaveService(second, EventLoopStatus.STUCK);
		}
		if (!this.grace.includes(second.at())) {
			return enterService(second);
		}
		return starting(this.reasons.starting(second));
	}

	private Judgement inService(HealthInput second) {
		if (this.rules.isStuck(second)) {
			return leaveService(second, EventLoopStatus.STUCK);
		}
		if (this.rules.isBad(second) && this.rules.countBad(this.recent) >= this.tripAfterSeconds) {
			return overloaded(second);
		}
		List<String> reasons = degradedReasons(second);
		return reasons.isEmpty() ? healthy(HealthReasons.windowP99(second)) : degraded(String.join(" and ", reasons));
	}

	private Judgement overloaded(HealthInput second) {
		if (!this.timers.isStaying(second.at())) {
			if (!this.timers.hasReturnedRecently(second.at()) || this.timers.drawToLeave()) {
				return leaveService(second, EventLoopStatus.OVERLOADED);
			}
			this.timers.stay(second.at());
		}
		return degraded(this.reasons.staying(second));
	}

	/** Return what makes the status degraded, without being a reason to leave service. */
	private List<String> degradedReasons(HealthInput second) {
		List<String> reasons = new ArrayList<>();
		if (this.rules.isP99Degraded(second, this.recent)) {
			reasons.add(HealthReasons.windowP99(second));
		}
		else if (this.rules.isP50Degraded(second, this.recent)) {
			reasons.add(HealthReasons.windowP50(second));
		}
		second.signalled(EventLoopStatus.OVERLOADED).forEach(reasons::add);
		second.signalled(EventLoopStatus.DEGRADED).forEach(reasons::add);
		return reasons;
	}

	/**
	 * Wait for recovery, or for the time limit. {@link EventLoopStatus#STUCK} is kept
	 * until recovery, so that a loop that is stuck, makes progress and is stuck again
	 * does not change the status each time.
	 */
	private Judgement outOfService(HealthInput second) {
		if (this.rules.isStuck(second)) {
			this.outAs = EventLoopStatus.STUCK;
		}
		if (!this.rules.isCalm(second)) {
			this.timers.restartRecovery(second.at());
		}
		if (this.timers.hasRecovered(second.at())) {
			return recover(second);
		}
		if (this.timers.isTimeOver(second.at())) {
			return enterProbation(second);
		}
		return new Judgement(this.outAs, this.reasons.outOfService(second));
	}

	/**
	 * Return to service. Only the return from an overload is recorded, because the
	 * overload may come back together with the load.
	 */
	private Judgement recover(HealthInput second) {
		if (this.leftAs == EventLoopStatus.OVERLOADED) {
			this.timers.returnToService(second.at());
		}
		return enterService(second);
	}

	/**
	 * Remain in service regardless of the measurements, for the recovery time plus
	 * jitter.
	 */
	private Judgement onProbation(HealthInput second) {
		if (this.timers.isTimeOver(second.at())) {
			return enterService(second);
		}
		return degraded(this.reasons.onProbation(second));
	}

	/** Enter service with a clean record: previous seconds no longer count. */
	private Judgement enterService(HealthInput second) {
		this.recent.discardBefore(second);
		if (this.grace.includes(second.at())) {
			this.state = State.STARTING;
			return starting(second);
		}
		this.state = State.IN_SERVICE;
		return inService(second);
	}

	private Judgement leaveService(HealthInput second, EventLoopStatus status) {
		this.state = State.OUT_OF_SERVICE;
		this.timers.leaveService(second.at());
		this.leftAs = status;
		this.outAs = status;
		return outOfService(second);
	}

	private Judgement enterProbation(HealthInput second) {
		this.state = State.ON_PROBATION;
		this.timers.enterProbation(second.at());
		return onProbation(second);
	}

	private static Judgement starting(String reason) {
		return new Judgement(EventLoopStatus.STARTING, reason);
	}

	private static Judgement healthy(String reason) {
		return new Judgement(EventLoopStatus.HEALTHY, reason);
	}

	private static Judgement degraded(String reason) {
		return new Judgement(EventLoopStatus.DEGRADED, reason);
	}

	private enum State {

		NOT_STARTED, STARTING, IN_SERVICE, OUT_OF_SERVICE, ON_PROBATION

	}

}
