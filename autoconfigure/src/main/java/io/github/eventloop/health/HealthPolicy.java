package io.github.eventloop.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.Lag;

/**
 * Policy that judges the event loops once a second. A state machine without a clock or a
 * thread: the same seconds and random draws always result in the same judgements. There
 * is one method for each state:
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
final class HealthPolicy {

	/**
	 * Largest fraction by which a duration is shorter or longer than its setting. Chosen
	 * so that the probation of replicas that left together begins up to half a minute
	 * apart by default, while durations stay close to their settings. In the fleet
	 * simulation, 0 and 0.5 made little difference.
	 */
	private static final double JITTER = 0.25;

	/**
	 * Time for which an overloaded replica stays in service, in multiples of the recovery
	 * time. Chosen so that replicas that left are back before those that stayed draw
	 * again. In the fleet simulation, 1 increased the readiness changes by half, and with
	 * 6 all of ten replicas could be out of service again after the first time.
	 */
	private static final int STAY_FACTOR = 3;

	private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

	private final HealthSettings settings;

	private final DoubleSupplier random;

	/** The seconds that the loops are judged by at present. */
	private final RecentSeconds recent;

	private State state = State.NOT_STARTED;

	/**
	 * The start of the grace period: the first second in which a loop had started and the
	 * application was ready. {@code null} before that.
	 */
	private @Nullable Duration graceSince;

	/** The time at which the application left service, or began its probation. */
	private Duration since = Duration.ZERO;

	/** The longest time out of service, or the duration of the probation, this time. */
	private Duration limit = Duration.ZERO;

	/**
	 * The time of the last recovery from an overload, or of the start of the last
	 * probation: the overload may return with the load. {@code null} if there was none.
	 */
	private @Nullable Duration returnedAt;

	/** The time until which bad seconds do not take the application out of service. */
	private Duration stayUntil = LONG_AGO;

	/** The status with which the application left service. */
	private EventLoopStatus leftAs = EventLoopStatus.OVERLOADED;

	/** The status while the application is out of service. */
	private EventLoopStatus outAs = EventLoopStatus.OVERLOADED;

	/** The end of the last second out of service that was not calm. */
	private Duration lastTrouble = Duration.ZERO;

	/** The time out of service before the probation. */
	private Duration wasOutFor = Duration.ZERO;

	/**
	 * Create a policy that has not judged any second yet.
	 * @param settings the thresholds and durations to judge by
	 * @param window the time that bad seconds are counted over
	 * @param random uniformly distributed draws from 0 (inclusive) to 1 (exclusive); with
	 * 0 all durations are as in the settings
	 */
	HealthPolicy(HealthSettings settings, Duration window, DoubleSupplier random) {
		this.settings = settings.checkedFor(window);
		this.random = random;
		this.recent = new RecentSeconds(window);
	}

	/**
	 * Judge a second.
	 * @param second the second, later than all previous ones
	 * @return the judgement
	 */
	Judgement judge(HealthInput second) {
		this.recent.add(second);
		if (!second.started()) {
			this.state = State.NOT_STARTED;
			this.graceSince = null;
		}
		else if (this.graceSince == null && second.ready()) {
			this.graceSince = second.at();
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
		this.returnedAt = null;
		this.stayUntil = LONG_AGO;
		return enterService(second);
	}

	/**
	 * Only a stuck loop counts, as class loading and the JIT compiler make new loops lag.
	 * Nothing counts until the application has been ready, as it is not in service yet.
	 */
	private Judgement starting(HealthInput second) {
		if (this.graceSince != null && isStuck(second)) {
			return leaveService(second, EventLoopStatus.STUCK);
		}
		if (!isInGrace(second.at())) {
			return enterService(second);
		}
		Stream<String> busy = second.busyLoops()
			.stream()
			.limit(1)
			.filter((loop) -> isAtLeast(loop.busyFor(), this.settings.stuckAfter()))
			.map(BusyLoop::describe);
		return starting(Stream.concat(busy, Stream.of(describeStart(second))).collect(Collectors.joining("; ")));
	}

	private Judgement inService(HealthInput second) {
		if (isStuck(second)) {
			return leaveService(second, EventLoopStatus.STUCK);
		}
		if (isBad(second) && countBadSeconds() >= this.settings.tripAfter().toSeconds()) {
			return overloaded(second);
		}
		List<String> reasons = degradedReasons(second);
		return reasons.isEmpty() ? healthy(describeWindow(second)) : degraded(String.join(" and ", reasons));
	}

	private Judgement overloaded(HealthInput second) {
		if (isAtLeast(second.at(), this.stayUntil)) {
			if (!hasReturnedRecently(second) || isDrawnToLeave()) {
				return leaveService(second, EventLoopStatus.OVERLOADED);
			}
			stay(second);
		}
		return degraded("%s, but staying in service for another %s in case all instances are overloaded"
			.formatted(describeBadSeconds(), Figures.wholeSeconds(this.stayUntil.minus(second.at()))));
	}

	/** Return whether the last return to service was recent, so leaving did not help. */
	private boolean hasReturnedRecently(HealthInput second) {
		return this.returnedAt != null
				&& !isAtLeast(second.at().minus(this.returnedAt), this.settings.maxOutOfService());
	}

	/** A draw of 0 means leaving, unless the stay probability is 1. */
	private boolean isDrawnToLeave() {
		return this.random.getAsDouble() < 1 - this.settings.stayShare();
	}

	private void stay(HealthInput second) {
		this.stayUntil = second.at()
			.plus(scaled(this.settings.recoverAfter(), STAY_FACTOR * (1 + JITTER * this.random.getAsDouble())));
	}

	/** Return what makes the status degraded, without being a reason to leave service. */
	private List<String> degradedReasons(HealthInput second) {
		List<String> reasons = new ArrayList<>();
		if (isDegraded(second, Lag::p99Nanos, this.settings.degradedP99())) {
			reasons.add(describeWindow(second));
		}
		else if (isDegraded(second, Lag::p50Nanos, this.settings.degradedP50())) {
			reasons.add("lag p50 " + Figures.millis(second.windowLag().p50Nanos()) + " over "
					+ Figures.seconds(second.window()));
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
		if (isStuck(second)) {
			this.outAs = EventLoopStatus.STUCK;
		}
		if (!isCalm(second)) {
			this.lastTrouble = second.at();
		}
		Duration calmFor = second.at().minus(this.lastTrouble);
		if (isAtLeast(calmFor, this.settings.recoverAfter())) {
			return recover(second);
		}
		if (isAtLeast(second.at().minus(this.since), this.limit)) {
			return enterProbation(second);
		}
		String trouble = Stream
			.concat(Stream.of(describeTrouble(second, calmFor)), second.signalled(EventLoopStatus.DEGRADED))
			.collect(Collectors.joining(" and "));
		return new Judgement(this.outAs, trouble + "; " + describeReturn(second, calmFor));
	}

	/**
	 * Return to service. Only the return from an overload is recorded, because the
	 * overload may come back together with the load.
	 */
	private Judgement recover(HealthInput second) {
		if (this.leftAs == EventLoopStatus.OVERLOADED) {
			this.returnedAt = second.at();
		}
		return enterService(second);
	}

	/**
	 * Remain in service regardless of the measurements, for the recovery time plus
	 * jitter.
	 */
	private Judgement onProbation(HealthInput second) {
		if (isAtLeast(second.at().minus(this.since), this.limit)) {
			return enterService(second);
		}
		return degraded("on probation after " + Figures.seconds(this.wasOutFor) + " out of service: "
				+ (isStuck(second) ? describeStuck(second) : describeWindow(second)));
	}

	/** Enter service with a clean record: previous seconds no longer count. */
	private Judgement enterService(HealthInput second) {
		this.recent.discardBefore(second);
		if (isInGrace(second.at())) {
			this.state = State.STARTING;
			return starting(second);
		}
		this.state = State.IN_SERVICE;
		return inService(second);
	}

	private Judgement leaveService(HealthInput second, EventLoopStatus status) {
		this.state = State.OUT_OF_SERVICE;
		this.since = second.at();
		this.limit = scaled(this.settings.maxOutOfService(), 1 - JITTER * this.random.getAsDouble());
		this.lastTrouble = second.at();
		this.leftAs = status;
		this.outAs = status;
		return outOfService(second);
	}

	private Judgement enterProbation(HealthInput second) {
		this.state = State.ON_PROBATION;
		this.returnedAt = second.at();
		this.wasOutFor = second.at().minus(this.since);
		this.since = second.at();
		this.limit = scaled(this.settings.recoverAfter(), 1 + JITTER * this.random.getAsDouble());
		return onProbation(second);
	}

	private boolean isInGrace(Duration instant) {
		return this.graceSince == null || !isAtLeast(instant.minus(this.graceSince), this.settings.startupGrace());
	}

	private boolean isStuck(HealthInput second) {
		return stuckLoop(second).isPresent() || second.isSignalled(EventLoopStatus.STUCK);
	}

	private Optional<BusyLoop> stuckLoop(HealthInput second) {
		boolean inGrace = isInGrace(second.at());
		return second.busyLoops()
			.stream()
			.filter((loop) -> isAtLeast(loop.busyFor(), this.settings.stuckAfter()))
			.filter((loop) -> !inGrace || loop.excuse() == null
					|| isAtLeast(loop.busyFor(), this.settings.startupGrace()))
			.findFirst();
	}

	/** Return whether the second counts towards taking the application out of service. */
	private boolean isBad(HealthInput second) {
		return isLagBad(second) || isUtilizationBad(second) || second.isSignalled(EventLoopStatus.OVERLOADED);
	}

	/**
	 * Return the number of bad seconds, except for the first ones that were bad only
	 * because of a stall in progress: a single stall counts as one bad second, however
	 * many it spans, and is judged by its age until it ends.
	 */
	private long countBadSeconds() {
		return this.recent.matching(this::isBad).dropWhile(this::isBadByStallInProgress).count();
	}

	private boolean isBadByStallInProgress(HealthInput second) {
		return !isLagBad(second.handledLag()) && !isUtilizationBad(second)
				&& !second.isSignalled(EventLoopStatus.OVERLOADED);
	}

	private boolean isLagBad(HealthInput second) {
		return isLagBad(second.lag()) || isLagBad(second.handledLag());
	}

	private boolean isLagBad(Lag lag) {
		return isAtLeast(Duration.ofNanos(lag.p99Nanos()), this.settings.overloadedP99());
	}

	/** Return the lag in this second, or that of the events handled in it if worse. */
	private static long worstP99Nanos(HealthInput second) {
		return Math.max(second.lag().p99Nanos(), second.handledLag().p99Nanos());
	}

	private boolean isUtilizationBad(HealthInput second) {
		Double threshold = this.settings.overloadedUtilization();
		return threshold != null && second.utilization() >= threshold;
	}

	/**
	 * Return whether the second counts towards recovery. The utilization threshold is not
	 * halved: utilization falls with the number of requests, and half the threshold may
	 * be what normal load needs.
	 */
	private boolean isCalm(HealthInput second) {
		if (isStuck(second)) {
			return false;
		}
		if (isInGrace(second.at())) {
			return true;
		}
		return isAtLeast(calmP99(), Duration.ofNanos(worstP99Nanos(second))) && !isBad(second);
	}

	private Duration calmP99() {
		return this.settings.overloadedP99().dividedBy(2);
	}

	/**
	 * Return whether a percentile of the lag is too high over the window. While the
	 * window overlaps the grace period, a second after that period has to confirm it.
	 */
	private boolean isDegraded(HealthInput second, ToLongFunction<Lag> percentile, Duration threshold) {
		Predicate<Lag> tooHigh = (lag) -> isAtLeast(Duration.ofNanos(percentile.applyAsLong(lag)), threshold);
		boolean confirmed = !isInGrace(second.at().minus(second.window()))
				|| this.recent.any((counted) -> tooHigh.test(counted.lag()));
		return confirmed && tooHigh.test(second.windowLag());
	}

	/** Scale to the millisecond, saturating at {@link Long#MAX_VALUE} milliseconds. */
	private static Duration scaled(Duration duration, double factor) {
		double millis = duration.toSeconds() * 1e3 + duration.toMillisPart();
		return Duration.ofMillis(Math.round(millis * factor));
	}

	private static boolean isAtLeast(Duration duration, Duration threshold) {
		return duration.compareTo(threshold) >= 0;
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

	private String describeStart(HealthInput second) {
		if (this.graceSince == null) {
			return "the application is not ready yet";
		}
		Duration grace = this.settings.startupGrace();
		return "judged in %s, when the start-up grace of %s is over"
			.formatted(Figures.wholeSeconds(grace.minus(second.at().minus(this.graceSince))), Figures.seconds(grace));
	}

	/** Describe what keeps the application out of service in this second. */
	private String describeTrouble(HealthInput second, Duration calmFor) {
		if (isStuck(second)) {
			return describeStuck(second);
		}
		if (isBad(second) && !isInGrace(second.at())) {
			return describeBadSeconds();
		}
		if (calmFor.isZero()) {
			return "lag p99 " + Figures.millis(second.lag().p99Nanos()) + " in the last second";
		}
		return "no trouble for " + Figures.wholeSeconds(calmFor);
	}

	/** Describe what is needed to return to service, and when that will be. */
	private String describeReturn(HealthInput second, Duration calmFor) {
		Duration earliest = this.settings.recoverAfter().minus(calmFor);
		Duration latest = this.limit.minus(second.at().minus(this.since));
		if (isAtLeast(earliest, latest)) {
			return "back in service, on probation, in " + Figures.wholeSeconds(latest);
		}
		return "back in service in %s if %s until then, in %s at the latest".formatted(Figures.wholeSeconds(earliest),
				describeCalm(second), Figures.wholeSeconds(latest));
	}

	private String describeBadSeconds() {
		List<HealthInput> bad = this.recent.matching(this::isBad).toList();
		List<String> signals = new ArrayList<>();
		if (bad.stream().anyMatch(this::isLagBad)) {
			long worst = bad.stream().mapToLong(HealthPolicy::worstP99Nanos).max().orElse(0);
			signals.add("lag p99 up to " + Figures.millis(worst));
		}
		if (bad.stream().anyMatch(this::isUtilizationBad)) {
			double worst = bad.stream().mapToDouble(HealthInput::utilization).max().orElse(0);
			signals.add("utilization up to " + Figures.share(worst));
		}
		bad.get(bad.size() - 1).signalled(EventLoopStatus.OVERLOADED).forEach(signals::add);
		return "%s in %d of the last %d seconds".formatted(String.join(" and ", signals), bad.size(),
				this.recent.size());
	}

	private String describeCalm(HealthInput second) {
		if (isInGrace(second.at())) {
			return "no loop is stuck";
		}
		Double utilization = this.settings.overloadedUtilization();
		return "no loop is stuck and lag p99 is at most " + Figures.millis(calmP99())
				+ ((utilization != null) ? " and utilization below " + Figures.share(utilization) : "");
	}

	private String describeStuck(HealthInput second) {
		return stuckLoop(second).map(BusyLoop::describe)
			.orElseGet(() -> second.signalled(EventLoopStatus.STUCK).collect(Collectors.joining(" and ")));
	}

	private static String describeWindow(HealthInput second) {
		return "lag p99 " + Figures.millis(second.windowLag().p99Nanos()) + " over " + Figures.seconds(second.window());
	}

	private enum State {

		NOT_STARTED, STARTING, IN_SERVICE, OUT_OF_SERVICE, ON_PROBATION

	}

}
