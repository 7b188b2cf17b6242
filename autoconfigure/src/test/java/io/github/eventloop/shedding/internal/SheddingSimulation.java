package io.github.eventloop.shedding.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.internal.SimulatedCallers.Request;
import io.github.eventloop.web.internal.TestLoop;

/**
 * Simulation of one event loop that handles requests one after the other: its poll
 * returns all requests that have arrived, of which it handles each in turn. The lag is
 * that of a {@link LoopRecorder} with a simulated clock, and requests are selected by
 * {@link LoopShedding}, as in an application.
 */
final class SheddingSimulation {

	private static final double LIGHT_LOAD = 0.3;

	private static final long LIGHT_NANOS = Duration.ofSeconds(10).toNanos();

	private static final long SHEDDING_NANOS = 50_000;

	private static final long POLL_NANOS = 1_000;

	/** Time from the arrival of a request until a loop that waits has woken up. */
	private static final long WAKE_UP_NANOS = 10_000;

	private static final long HALF_SECOND_NANOS = Duration.ofMillis(500).toNanos();

	private static final double PAUSE_GAP_NANOS = Duration.ofSeconds(3).toNanos();

	private final SimulatedWorkload workload;

	private final SplittableRandom random;

	private final SimulatedCallers callers;

	private final List<Pause> pauses = new ArrayList<>();

	private final LoopShedding shedding = new LoopShedding();

	private final Tally tally;

	private long now;

	private final TestLoop loop = new TestLoop(new LoopRecorder(() -> this.now), LoopRole.SERVER);

	private final SimulatedPolicy.Decision policy;

	private long nextHalfSecond = HALF_SECOND_NANOS;

	SheddingSimulation(SimulatedWorkload workload, SimulatedPolicy policy, Duration timeout, long seed) {
		this.workload = workload;
		this.random = new SplittableRandom(seed);
		this.callers = new SimulatedCallers(timeout.toNanos(), this.random.split());
		this.tally = new Tally(workload.backendNanos());
		this.policy = policy.create(this);
	}

	/**
	 * Simulate random arrivals: a light load, and then another.
	 * @param load the load, as a share of the capacity of the loop
	 */
	Outcome runAtRandom(double load, Duration duration) {
		double service = this.workload.meanServiceNanos();
		this.callers.arriveAtRandom(service / LIGHT_LOAD, service / load, LIGHT_NANOS);
		this.tally.from = LIGHT_NANOS;
		return run(LIGHT_NANOS + duration.toNanos());
	}

	/** Simulate callers that wait for their responses. */
	Outcome runWaiting(int number, Duration duration) {
		addWaiting(number, Duration.ZERO, duration);
		return run(duration.toNanos());
	}

	/** Add callers that wait for their responses, for some time only. */
	SheddingSimulation addWaiting(int number, Duration from, Duration until) {
		this.callers.addWaiting(number, from.toNanos(), until.toNanos());
		return this;
	}

	/** Count only requests that arrive after some time. */
	SheddingSimulation countFrom(Duration from) {
		this.tally.from = from.toNanos();
		return this;
	}

	/** Add a pause of the process. */
	SheddingSimulation addPause(Duration from, Duration length) {
		this.pauses.add(new Pause(from.toNanos(), from.plus(length).toNanos()));
		return this;
	}

	private Outcome run(long until) {
		addPauses(until);
		LoopRecorder recorder = this.loop.recorder();
		recorder.started(this.now);
		while (this.now < until) {
			recorder.taskPhaseStarted(this.now);
			recorder.waiting(this.now);
			poll(until);
			recorder.polled(this.now);
			int ready = this.callers.arriveUntil(this.now);
			for (int i = 0; i < ready; i++) {
				handle(this.callers.next());
			}
			recorder.handled(ready);
		}
		double paused = pausedNanos(this.tally.from, this.now);
		return this.tally.outcome((this.now - this.tally.from - paused) / this.workload.meanServiceNanos());
	}

	private void addPauses(long until) {
		long at = 0;
		while (this.workload.hasCollections() && at < until) {
			at += SimulatedCallers.exponential(this.random, PAUSE_GAP_NANOS);
			long end = at + Duration.ofMillis(this.random.nextInt(100, 300)).toNanos();
			this.pauses.add(new Pause(at, end));
			at = end;
		}
	}

	private void poll(long until) {
		if (this.callers.arriveUntil(this.now) > 0) {
			advance(POLL_NANOS);
		}
		else {
			advance(Math.min(until, this.callers.nextAt()) - this.now);
			advance(WAKE_UP_NANOS);
		}
	}

	private void handle(Request request) {
		LoopRecorder recorder = this.loop.recorder();
		recorder.requestStarted();
		double share = this.policy.shareToShed(recorder.lagNanos());
		boolean shed = share > 0 && this.shedding.shedNext(RequestPriority.NORMAL, share);
		advance(shed ? SHEDDING_NANOS : this.workload.serviceNanos(this.random));
		recorder.requestEnded();
		this.callers.done(request, this.now, shed);
		this.tally.count(request.at(), this.now, shed);
	}

	/** Let time pass, during which the loop does not run if the process is paused. */
	private void advance(long nanos) {
		long end = this.now + nanos;
		for (Pause pause : this.pauses) {
			if (pause.from >= this.now && pause.from < end) {
				end += pause.to - pause.from;
			}
		}
		this.now = end;
		while (this.nextHalfSecond <= this.now) {
			this.policy.onHalfSecond();
			this.nextHalfSecond += HALF_SECOND_NANOS;
		}
	}

	long pausedNanos(long from, long to) {
		return this.pauses.stream()
			.mapToLong((pause) -> Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)))
			.sum();
	}

	MonitoredLoop loop() {
		return this.loop;
	}

	private record Pause(long from, long to) {
	}

	/**
	 * Result of a simulation.
	 *
	 * @param patientGoodput the number of requests answered within 10 seconds, as a share
	 * of those that could be answered
	 * @param impatientGoodput the same within a second
	 * @param shed the share of shed requests
	 * @param p99Millis the 99th percentile of the latency of the other requests
	 */
	record Outcome(double patientGoodput, double impatientGoodput, double shed, double p99Millis) {
	}

	private static final class Tally {

		private static final long IMPATIENT_NANOS = Duration.ofSeconds(1).toNanos();

		private static final long PATIENT_NANOS = Duration.ofSeconds(10).toNanos();

		private final long backendNanos;

		private final List<Long> latencies = new ArrayList<>();

		private long from;

		private int shed;

		Tally(long backendNanos) {
			this.backendNanos = backendNanos;
		}

		void count(long at, long doneAt, boolean shed) {
			if (at >= this.from && shed) {
				this.shed++;
			}
			else if (at >= this.from) {
				this.latencies.add(doneAt + this.backendNanos - at);
			}
		}

		Outcome outcome(double capacity) {
			this.latencies.sort(null);
			int requests = this.shed + this.latencies.size();
			double answerable = Math.min(requests, capacity);
			long p99 = this.latencies.get((int) (0.99 * this.latencies.size()));
			return new Outcome(within(PATIENT_NANOS) / answerable, within(IMPATIENT_NANOS) / answerable,
					(double) this.shed / requests, p99 / 1e6);
		}

		private double within(long nanos) {
			return this.latencies.stream().filter((latency) -> latency <= nanos).count();
		}

	}

}
