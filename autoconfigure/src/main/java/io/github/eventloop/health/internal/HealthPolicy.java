package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.ReadinessGate;

/**
 * Policy that judges the event loops once a second. A state machine without a clock or a
 * thread: the same seconds, random draws and decisions always result in the same
 * judgements. {@link SecondRules} judge a single second, {@link ServiceTimers} keep the
 * times, {@link Traffic} compares the requests with those before the trouble,
 * {@link Stays} are the decisions to stay nevertheless, and {@link HealthReasons} word
 * the reasons. There is one method for each {@link ServiceState}.
 * <p>
 * <b>It judges seconds</b>, not the lag over the window: one stall of 500 ms remains in a
 * window of 10 s for 10 s and would look like sustained lag. Counted in seconds it is one
 * bad second; three of ten, consecutive or not, are an overload. A single stall counts as
 * one bad second, however many it spans. A stall in progress is judged by its age, and
 * counts second by second only if there was a bad second before it.
 * <p>
 * <b>Leaving must not empty the service.</b> An instance measures only itself: it has no
 * way to determine whether it alone is slow, and leaving helps, or all are. So it waits
 * for a random time. If another instance leaves meanwhile, or the load has risen, more
 * requests arrive than before the trouble: leaving would only move the overload, and it
 * stays. It also stays if there are no requests that another instance could handle. With
 * a {@link ReadinessGate} there is no delay: the gate decides.
 * <p>
 * <b>An instance that stays drains</b> some connections while it lags, if its requests
 * rose during the trouble, so that load moves back to instances that have returned. If
 * they did not, the instance has only its own connections, and none to give away.
 * <p>
 * <b>Hysteresis</b>: recovery requires half the lag, as an instance that receives no new
 * traffic lags less for that very reason. <b>No instance stays out of service
 * forever</b>: after a limited time it returns regardless of its lag, and is judged
 * again.
 * <p>
 * Not thread-safe. Its parameters were chosen by the fleet simulation in the tests.
 */
public final class HealthPolicy {

	/** The number of bad seconds after which the application is overloaded. */
	private final long tripAfterSeconds;

	/** The seconds that the loops are judged by at present. */
	private final RecentSeconds recent;

	private final StartupGrace grace;

	private final SecondRules rules;

	private final Traffic traffic = new Traffic();

	private final Stays stays = new Stays();

	private final ServiceTimers timers;

	private final HealthReasons reasons;

	/** Decides about leaving, or {@code null} to decide by the traffic. */
	private final @Nullable Departures departures;

	private final boolean leavesService;

	private ServiceState state = ServiceState.NOT_STARTED;

	/** The status while the application is out of service, or about to leave. */
	private EventLoopStatus outAs = EventLoopStatus.OVERLOADED;

	private boolean draining;

	/**
	 * Create a policy that has not judged any second yet.
	 * @param settings the thresholds and durations to judge by
	 * @param window the time that bad seconds are counted over
	 * @param random uniformly distributed draws from 0 (inclusive) to 1 (exclusive); with
	 * 0 there is no delay before leaving, and other durations are as in the settings
	 * @param departures decides about leaving, or {@code null} to decide by the traffic
	 * @param leavesService whether the application leaves service at all
	 */
	public HealthPolicy(HealthSettings settings, Duration window, DoubleSupplier random,
			@Nullable Departures departures, boolean leavesService) {
		this.tripAfterSeconds = settings.checkedFor(window).tripAfter().toSeconds();
		this.recent = new RecentSeconds(window);
		this.grace = new StartupGrace(settings.startupGrace());
		this.rules = new SecondRules(settings, this.grace);
		this.timers = new ServiceTimers(settings, random);
		this.reasons = new HealthReasons(settings, this.grace, this.rules, this.recent, this.timers);
		this.departures = departures;
		this.leavesService = leavesService;
	}

	/**
	 * Judge a second.
	 * @param second the second, later than all previous ones
	 * @return the judgement
	 */
	public Judgement judge(HealthInput second) {
		this.recent.add(second);
		this.grace.update(second);
		this.traffic.update(second, this.grace.includes(second.at()), this.state != ServiceState.OUT_OF_SERVICE,
				this.rules.isTrouble(second));
		this.stays.nextSecond();
		if (!second.started()) {
			reset();
		}
		Judgement judgement = judgeInState(second);
		this.draining = judgement.status().isInService() ? drainsInService(second)
				: this.departures == null || !this.timers.isRecallLikely(second.at());
		return judgement;
	}

	private boolean drainsInService(HealthInput second) {
		return this.stays.isLasting() && this.state != ServiceState.LEAVING && !this.rules.isCalm(second)
				&& this.traffic.rose();
	}

	/**
	 * Return whether the application should move connections to other instances: it is
	 * out of service, or stays in service although it lags and its requests increased.
	 */
	public boolean isDraining() {
		return this.draining;
	}

	/**
	 * Return whether the application decided in the last second to stay in service
	 * although it is in trouble, for the first time since that began.
	 */
	public boolean hasStayed() {
		return this.stays.isReportedNow();
	}

	/**
	 * Return how often the application decided to stay in service although in trouble.
	 */
	public long stays() {
		return this.stays.count();
	}

	private Judgement judgeInState(HealthInput second) {
		return switch (this.state) {
			case NOT_STARTED -> notStarted(second);
			case STARTING -> starting(second);
			case IN_SERVICE -> inService(second);
			case LEAVING -> leaving(second);
			case OUT_OF_SERVICE -> outOfService(second);
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
		return enterService(second);
	}

	private void reset() {
		if (this.state == ServiceState.LEAVING || this.state == ServiceState.OUT_OF_SERVICE) {
			giveBack();
		}
		this.timers.reset();
		this.stays.end();
		this.state = ServiceState.NOT_STARTED;
	}

	/**
	 * Only a stuck loop counts, as class loading and the JIT compiler make new loops lag.
	 * Nothing counts until the application has been ready, as it is not in service yet.
	 */
	private Judgement starting(HealthInput second) {
		if (this.grace.hasStarted() && this.rules.isStuck(second)) {
			return inTrouble(second);
		}
		if (!this.grace.includes(second.at())) {
			return enterService(second);
		}
		return starting(this.reasons.starting(second));
	}

	private Judgement inService(HealthInput second) {
		if (this.rules.isStuck(second) || (this.rules.isBad(second) && isOverloaded())) {
			return inTrouble(second);
		}
		if (!isOverloaded()) {
			this.stays.end();
		}
		List<String> reasons = this.reasons.degraded(second);
		return reasons.isEmpty() ? healthy(HealthReasons.windowP99(second)) : degraded(String.join(" and ", reasons));
	}

	private boolean isOverloaded() {
		return this.rules.countBad(this.recent) >= this.tripAfterSeconds;
	}

	private Judgement inTrouble(HealthInput second) {
		if (!this.leavesService) {
			return degraded(this.reasons.trouble(second));
		}
		if (this.timers.isStaying(second.at())) {
			this.stays.goOn();
			return degraded(this.reasons.staying(second, this.stays.reason()));
		}
		this.state = ServiceState.LEAVING;
		this.traffic.overload();
		if (this.departures == null) {
			this.timers.startLeaving(second.at());
		}
		return leaving(second);
	}

	/** Wait for the decision whether to leave, while the trouble lasts. */
	private Judgement leaving(HealthInput second) {
		boolean stuck = this.rules.isStuck(second);
		if (!stuck && (this.grace.includes(second.at()) || !isOverloaded())) {
			giveBack();
			this.timers.interruptLeaving(second.at());
			return resumeService(second);
		}
		this.outAs = stuck ? EventLoopStatus.STUCK : EventLoopStatus.OVERLOADED;
		if (this.departures != null) {
			return leaving(second, this.departures);
		}
		return this.rules.isTrouble(second) ? leavingByTraffic(second) : degraded(this.reasons.leaving(second));
	}

	private Judgement leaving(HealthInput second, Departures departures) {
		ReadinessGate.Decision decision = departures.decide(second.at(), this.outAs, this.reasons.trouble(second));
		if (decision == null) {
			return degraded(this.reasons.awaitingDecision(second));
		}
		if (decision.granted()) {
			return leaveService(second);
		}
		this.timers.stayRefused(second.at());
		return stay(second, decision.reason());
	}

	private Judgement leavingByTraffic(HealthInput second) {
		if (this.timers.leavesAtOnce()) {
			return leaveService(second);
		}
		if (this.traffic.hasRisen() || this.traffic.isNone()) {
			this.timers.stay(second.at());
			return stay(second, this.traffic.describe());
		}
		if (this.timers.isDelayOver(second.at())) {
			return leaveService(second);
		}
		return degraded(this.reasons.leaving(second));
	}

	private Judgement stay(HealthInput second, String reason) {
		this.stays.decide(reason);
		this.state = this.grace.includes(second.at()) ? ServiceState.STARTING : ServiceState.IN_SERVICE;
		return degraded(this.reasons.staying(second, reason));
	}

	private Judgement leaveService(HealthInput second) {
		this.state = ServiceState.OUT_OF_SERVICE;
		this.stays.end();
		this.timers.leaveService(second.at());
		return outOfService(second);
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
		String recall = (this.departures != null) ? this.departures.recalled() : null;
		if (recall != null) {
			return forceReturn(second, recall);
		}
		if (this.timers.hasRecovered(second.at())) {
			giveBack();
			return enterService(second);
		}
		if (this.timers.isTimeOver(second.at())) {
			return forceReturn(second, "it has been out of service for long enough");
		}
		return new Judgement(this.outAs, this.reasons.outOfService(second));
	}

	/** Return to service regardless of the measurements, at least for a while. */
	private Judgement forceReturn(HealthInput second, String reason) {
		giveBack();
		this.timers.stayAfterReturn(second.at());
		this.stays.returned(reason);
		Judgement judgement = enterService(second);
		return this.stays.isLasting() ? judgement
				: new Judgement(judgement.status(), judgement.reason() + "; back in service: " + reason);
	}

	private void giveBack() {
		if (this.departures != null) {
			this.departures.returned();
		}
	}

	/** Enter service with a clean record: previous seconds no longer count. */
	private Judgement enterService(HealthInput second) {
		this.recent.discardBefore(second);
		return resumeService(second);
	}

	private Judgement resumeService(HealthInput second) {
		this.state = this.grace.includes(second.at()) ? ServiceState.STARTING : ServiceState.IN_SERVICE;
		return (this.state == ServiceState.STARTING) ? starting(second) : inService(second);
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

}
