package io.github.eventloop.shedding.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.shedding.RequestPriority;

/**
 * Limit of the lag of one loop, and thereby of the number of requests that wait on it.
 * There is none until the loop is {@linkplain OverloadDetector overloaded}. From then on,
 * requests are shed between two bounds, which are lowered while the loop stays busy all
 * the same, and raised when it has nothing to do although it sheds requests. Shedding
 * ends when the loop could process all requests, and otherwise once in a while as an
 * experiment: if the lag stays short, shedding did not help.
 * <p>
 * Not thread-safe: used by the thread of the loop only.
 */
public final class AdaptiveLimit {

	/** Time after which the effect of the bounds is evaluated. */
	private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

	/** Number of requests below which their rate is mostly due to chance. */
	private static final int WINDOW_REQUESTS = 50;

	/** Load below which shedding ends, as a share of the capacity of the loop. */
	private static final double SUSTAINABLE_LOAD = 0.95;

	/** Share of time for which a loop that is not limited too much is active. */
	private static final double BUSY = 0.98;

	/** Share of time below which a loop that sheds requests loses goodput. */
	private static final double IDLE = 0.95;

	private static final double LOWER = 0.8;

	private static final double RAISE = 1.25;

	private static final double LOWEST_SCALE = 0.1;

	/**
	 * Highest scale: the bounds are then 1.5 and 3 service times, at which a loop with
	 * random arrivals has nothing to do for only a few percent of the time.
	 */
	private static final double HIGHEST_SCALE = 1.5;

	private static final long FIRST_EXPERIMENT_NANOS = TimeUnit.MINUTES.toNanos(1);

	/**
	 * Longest time between two experiments, of which each costs some seconds of long lag
	 * if the overload persists.
	 */
	private static final long LONGEST_EXPERIMENT_NANOS = TimeUnit.MINUTES.toNanos(10);

	private final LoopRecorder recorder;

	private final double startNanos;

	private final double fullNanos;

	private final OverloadDetector detector;

	private final ServiceTime serviceTime = new ServiceTime();

	private double scale = 1;

	private boolean overloaded;

	private long overloadedSince;

	private long endedAt;

	private long experimentNanos = FIRST_EXPERIMENT_NANOS;

	private long windowSince;

	private long windowActive;

	private int offered;

	/** Requests that were not shed: the sum of their shares. */
	private double accepted;

	/**
	 * Create a limit.
	 * @param recorder the recorder of the loop
	 * @param startNanos the lag from which requests are shed, if they are short
	 * @param fullNanos the lag from which all requests are shed, if they are short; more
	 * than {@code startNanos}
	 * @param pausedNanos returns for how long garbage collection paused the process
	 * between two instants
	 */
	public AdaptiveLimit(LoopRecorder recorder, long startNanos, long fullNanos, LongBinaryOperator pausedNanos) {
		this.recorder = recorder;
		this.startNanos = startNanos;
		this.fullNanos = fullNanos;
		this.detector = new OverloadDetector(fullNanos, pausedNanos);
	}

	/**
	 * Record that a request has arrived, and return the share of such requests to shed.
	 * @param lagNanos the lag of the request
	 * @param priority the priority of the request
	 * @return the share, 0..1
	 */
	public double shareToShed(long lagNanos, RequestPriority priority) {
		long now = this.recorder.now();
		long active = this.recorder.activeNanosUntil(now);
		this.serviceTime.requestArrived(active);
		double serviceNanos = this.serviceTime.nanos();
		if (!this.overloaded) {
			if (!this.detector.isOverloaded(lagNanos, serviceNanos, now)) {
				return 0;
			}
			if (now - this.endedAt > this.experimentNanos) {
				// The last overload has nothing to do with this one.
				reset();
			}
			this.overloaded = true;
			this.overloadedSince = now;
			startWindow(now, active);
		}
		double share = shareToShed(lagNanos, serviceNanos, priority);
		this.offered++;
		this.accepted += 1 - share;
		if (this.offered >= WINDOW_REQUESTS && now - this.windowSince >= WINDOW_NANOS) {
			endWindow(now, active);
			startWindow(now, active);
		}
		return share;
	}

	/**
	 * A bound below the service time would shed requests although the loop is about to
	 * have nothing to do.
	 */
	private double shareToShed(long lagNanos, double serviceNanos, RequestPriority priority) {
		double services = Math.max(1, this.scale) * serviceNanos;
		double start = Math.max(this.scale * this.startNanos, services);
		double full = Math.max(this.scale * this.fullNanos, 2 * services);
		return PriorityShares.of(lagNanos, start, full, priority);
	}

	private void startWindow(long now, long active) {
		this.windowSince = now;
		this.windowActive = active;
		this.offered = 0;
		this.accepted = 0;
	}

	private void endWindow(long now, long active) {
		double busy = (double) (active - this.windowActive) / (now - this.windowSince);
		// The load of all requests is to that of the accepted ones as their numbers.
		if (busy * this.offered < SUSTAINABLE_LOAD * this.accepted) {
			this.overloaded = false;
			reset();
			return;
		}
		if (now - this.overloadedSince >= this.experimentNanos) {
			this.overloaded = false;
			this.endedAt = now;
			this.experimentNanos = Math.min(LONGEST_EXPERIMENT_NANOS, 2 * this.experimentNanos);
		}
		adjustScale(busy);
	}

	private void reset() {
		this.scale = 1;
		this.experimentNanos = FIRST_EXPERIMENT_NANOS;
	}

	private void adjustScale(double busy) {
		if (busy > BUSY) {
			this.scale = Math.max(LOWEST_SCALE, LOWER * this.scale);
		}
		else if (busy < IDLE) {
			this.scale = Math.min(HIGHEST_SCALE, RAISE * this.scale);
		}
	}

}
