package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The requests that the instance receives each second, compared with those before its
 * trouble. While an instance lags for a reason of its own, about as many requests arrive
 * as before, or fewer. If clearly more arrive, other instances have left service, or the
 * load of all has risen.
 * <p>
 * Not thread-safe: used by one {@link HealthPolicy}.
 */
final class Traffic {

	/** Seconds whose mean is compared: long enough to smooth bursts. */
	private static final int RECENT = 5;

	/**
	 * Length of an iteration after which the mean is not compared: requests that arrive
	 * during the iteration are counted when it ends, and look like an increase.
	 */
	private static final Duration LONG = Duration.ofSeconds(1);

	/** Seconds before the trouble. */
	private static final int BEFORE = 30;

	/**
	 * Seconds just before the first bad one that are left out, since the load may already
	 * have begun to rise.
	 */
	private static final int ONSET = 3;

	/**
	 * An increase by a tenth is what an instance sees if one of eleven leaves.
	 */
	private static final double CLEARLY_MORE = 1.1;

	/**
	 * Standard errors of the number of requests, if they arrive at random (Poisson),
	 * beyond which chance is no explanation.
	 */
	private static final double BEYOND_CHANCE = 3;

	/**
	 * Time without a bad second in service after which a trouble has ended. Longer if the
	 * instance was about to leave: its traffic is back to normal only some time later.
	 */
	private static final Duration END = Duration.ofSeconds(10);

	private static final Duration END_OF_OVERLOAD = Duration.ofMinutes(2);

	/** Age of the mean before a lasting trouble after which it is compared no longer. */
	private static final Duration OUTDATED = Duration.ofMinutes(10);

	/** The requests of the latest seconds without trouble, as a ring. */
	private final long[] requests = new long[BEFORE + ONSET];

	/** The requests of the latest seconds of any kind, as a ring. */
	private final long[] latest = new long[RECENT];

	private int seconds;

	/** The seconds since the last one that ended within a long iteration. */
	private int secondsSinceLong = Integer.MAX_VALUE / 2;

	private int latestSeconds;

	/** Whether requests are counted, which they are not in all applications. */
	private boolean counted;

	/** The mean before the trouble, or {@code null} if there is no trouble. */
	private @Nullable Double before;

	private Duration since = Duration.ZERO;

	private Duration lastBad = Duration.ZERO;

	private boolean overload;

	/** Whether clearly more requests arrived at any time during the trouble. */
	private boolean rose;

	/**
	 * Add a second.
	 * @param second the second
	 * @param starting whether the start-up grace period is not over: the traffic has yet
	 * to arrive, so it is not compared with
	 * @param inService whether the instance was in service
	 * @param bad whether the second was bad
	 */
	void update(HealthInput second, boolean starting, boolean inService, boolean bad) {
		this.counted = this.counted || second.requests() > 0;
		this.latest[this.latestSeconds++ % RECENT] = second.requests();
		// The longest comes first.
		boolean longIteration = !second.busyLoops().isEmpty()
				&& second.busyLoops().get(0).busyFor().compareTo(LONG) >= 0;
		this.secondsSinceLong = longIteration ? 0 : this.secondsSinceLong + 1;
		if (starting) {
			end();
			return;
		}
		this.rose = this.rose || hasRisen();
		if (bad || !inService) {
			this.lastBad = second.at();
			if (this.before == null) {
				begin(second, meanBefore());
			}
			else if (second.at().minus(this.since).compareTo(OUTDATED) >= 0) {
				begin(second, recent());
			}
			return;
		}
		Duration end = this.overload ? END_OF_OVERLOAD : END;
		if (this.before != null && second.at().minus(this.lastBad).compareTo(end) >= 0) {
			end();
		}
		if (this.before == null) {
			this.requests[this.seconds++ % this.requests.length] = second.requests();
		}
	}

	private void begin(HealthInput second, double before) {
		this.before = before;
		this.since = second.at();
	}

	private void end() {
		this.before = null;
		this.overload = false;
		this.rose = false;
		this.seconds = 0;
	}

	/** Record that the trouble is an overload, and not only a bad second. */
	void overload() {
		this.overload = true;
	}

	/** Return whether clearly more requests arrive than before the trouble. */
	boolean hasRisen() {
		if (this.before == null || Double.isNaN(this.before) || this.secondsSinceLong <= RECENT) {
			return false;
		}
		double expected = this.before * RECENT;
		// One is added because a mean of 0 does not exclude that a request arrives.
		double error = Math.sqrt(expected * (1 + (double) RECENT / BEFORE) + 1);
		return recent() * RECENT > Math.max(expected * CLEARLY_MORE, expected + BEYOND_CHANCE * error);
	}

	/** Return whether clearly more requests arrived at any time during the trouble. */
	boolean rose() {
		return this.rose;
	}

	/**
	 * Return whether no requests arrive, and none arrived before the trouble, although
	 * requests are counted: no caller would be better off if the instance left.
	 */
	boolean isNone() {
		return this.counted && this.before != null && this.before == 0 && recent() == 0;
	}

	/** Describe why this is a reason to stay in service. */
	String describe() {
		return isNone() ? "no requests arrive that another instance could handle" : String.format(Locale.ROOT,
				"%.0f requests per second arrive, and %.0f did before: others may have left, or the load has risen",
				recent(), this.before);
	}

	private double recent() {
		int number = Math.min(this.latestSeconds, RECENT);
		long sum = 0;
		for (int i = 0; i < number; i++) {
			sum += this.latest[i];
		}
		return (number > 0) ? (double) sum / number : 0;
	}

	/** Return the mean without the onset, or NaN if there are too few seconds. */
	private double meanBefore() {
		int number = Math.min(this.seconds, this.requests.length) - ONSET;
		if (number < RECENT) {
			return Double.NaN;
		}
		long sum = 0;
		for (int i = 0; i < number; i++) {
			sum += this.requests[(this.seconds - ONSET - 1 - i) % this.requests.length];
		}
		return (double) sum / number;
	}

}
