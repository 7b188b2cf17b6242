package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.Lag;

/**
 * Rules that judge one second by the thresholds of the settings: whether a loop is stuck,
 * and whether the second is bad, calm or degraded.
 * <p>
 * Not thread-safe: reads the {@link StartupGrace} of its {@link HealthPolicy}.
 */
final class SecondRules {

	private final HealthSettings settings;

	private final StartupGrace grace;

	SecondRules(HealthSettings settings, StartupGrace grace) {
		this.settings = settings;
		this.grace = grace;
	}

	boolean isStuck(HealthInput second) {
		return stuckLoop(second).isPresent() || second.isSignalled(EventLoopStatus.STUCK);
	}

	Optional<BusyLoop> stuckLoop(HealthInput second) {
		for (BusyLoop loop : second.busyLoops()) {
			if (isBusyTooLong(loop) && (!this.grace.includes(second.at()) || loop.slowStartReason() == null
					|| isAtLeast(loop.busyFor(), this.settings.startupGrace()))) {
				return Optional.of(loop);
			}
		}
		return Optional.empty();
	}

	/** Return whether the loop is stuck, unless the grace period allows for it. */
	boolean isBusyTooLong(BusyLoop loop) {
		return isAtLeast(loop.busyFor(), this.settings.stuckAfter());
	}

	/** Return whether the second counts towards taking the application out of service. */
	boolean isBad(HealthInput second) {
		return isLagBad(second) || isUtilizationBad(second) || second.isSignalled(EventLoopStatus.OVERLOADED);
	}

	/** Return whether a loop is stuck, or the second is bad after the grace period. */
	boolean isTrouble(HealthInput second) {
		return isStuck(second) || (isBad(second) && !this.grace.includes(second.at()));
	}

	/**
	 * Return the number of bad seconds, except for the first ones that were bad only
	 * because of a stall in progress: a single stall counts as one bad second, however
	 * many it spans, and is judged by its age until it ends.
	 */
	long countBad(RecentSeconds recent) {
		long bad = 0;
		for (HealthInput second : recent) {
			if (isBad(second) && (bad > 0 || !isBadByStallInProgress(second))) {
				bad++;
			}
		}
		return bad;
	}

	private boolean isBadByStallInProgress(HealthInput second) {
		return !isLagBad(second.handledLag()) && !isUtilizationBad(second)
				&& !second.isSignalled(EventLoopStatus.OVERLOADED);
	}

	boolean isLagBad(HealthInput second) {
		return isLagBad(second.lag()) || isLagBad(second.handledLag());
	}

	private boolean isLagBad(Lag lag) {
		return isAtLeast(Duration.ofNanos(lag.p99Nanos()), this.settings.overloadedP99());
	}

	boolean isUtilizationBad(HealthInput second) {
		Double threshold = this.settings.overloadedUtilization();
		return threshold != null && second.utilization() >= threshold;
	}

	/**
	 * Return whether the second counts towards recovery. The utilization threshold is not
	 * halved: utilization falls with the number of requests, and half the threshold may
	 * be what normal load needs.
	 */
	boolean isCalm(HealthInput second) {
		if (isStuck(second)) {
			return false;
		}
		if (this.grace.includes(second.at())) {
			return true;
		}
		return isAtLeast(calmP99(), Duration.ofNanos(worstP99Nanos(second))) && !isBad(second);
	}

	/** Return the longest lag of a calm second. */
	Duration calmP99() {
		return this.settings.overloadedP99().dividedBy(2);
	}

	/** Return the lag in this second, or that of the events handled in it if worse. */
	static long worstP99Nanos(HealthInput second) {
		return Math.max(second.lag().p99Nanos(), second.handledLag().p99Nanos());
	}

	boolean isP99Degraded(HealthInput second, RecentSeconds recent) {
		return isDegraded(second, recent, Lag::p99Nanos, this.settings.degradedP99());
	}

	boolean isP50Degraded(HealthInput second, RecentSeconds recent) {
		return isDegraded(second, recent, Lag::p50Nanos, this.settings.degradedP50());
	}

	/**
	 * Return whether a percentile of the lag is too high over the window. While the
	 * window overlaps the grace period, a second after that period has to confirm it.
	 */
	private boolean isDegraded(HealthInput second, RecentSeconds recent, ToLongFunction<Lag> percentile,
			Duration threshold) {
		Predicate<Lag> tooHigh = (lag) -> isAtLeast(Duration.ofNanos(percentile.applyAsLong(lag)), threshold);
		return tooHigh.test(second.windowLag()) && (!this.grace.includes(second.at().minus(second.window()))
				|| recent.any((counted) -> tooHigh.test(counted.lag())));
	}

	private static boolean isAtLeast(Duration duration, Duration threshold) {
		return duration.compareTo(threshold) >= 0;
	}

}
