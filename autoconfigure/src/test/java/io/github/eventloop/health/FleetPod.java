package io.github.eventloop.health;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A pod of a simulated fleet: a queue that is served first in, first out, somebody who
 * judges it once a second, and a kubelet that probes it.
 */
final class FleetPod {

	/** Requests that a pod serves in a second, unless it is slow. */
	static final double CAPACITY = 1000;

	/** So many requests wait at most. Further ones are turned away. */
	static final double LONGEST_QUEUE = 2 * CAPACITY;

	static final int STEPS_PER_SECOND = 10;

	private static final double STEP_SECONDS = 1.0 / STEPS_PER_SECOND;

	private static final int STEPS_PER_PROBE = 2 * STEPS_PER_SECOND;

	private static final int FAILURE_THRESHOLD = 2;

	/** Until every node has heard of it. */
	private static final int STEPS_TO_SPREAD = STEPS_PER_SECOND;

	private static final int NEVER = -1;

	private static final double SQUARE_ROOT_OF_6 = Math.sqrt(6);

	private static final double SHED_FROM_SECONDS = 0.05;

	private static final double SHED_ALL_FROM_SECONDS = 0.2;

	private final FleetRule rule;

	private final boolean sheds;

	private final SplittableRandom random;

	private final int secondPhase;

	private final int probePhase;

	/** Its part of all connections of the fleet. */
	private double connections;

	private double queue;

	private double worstLagSeconds;

	/** What a probe would be told. */
	private boolean answersReady = true;

	private int failedProbes;

	/** Whether new connections may come here. */
	private boolean ready = true;

	private int turnsAt = NEVER;

	FleetPod(FleetRule rule, boolean sheds, double connections, SplittableRandom random) {
		this.rule = rule;
		this.sheds = sheds;
		this.connections = connections;
		this.random = random;
		this.secondPhase = random.nextInt(STEPS_PER_SECOND);
		this.probePhase = random.nextInt(STEPS_PER_PROBE);
	}

	boolean isReady() {
		return this.ready;
	}

	/** Let a part of its connections end. */
	double closeConnections(double part) {
		double closed = this.connections * part;
		this.connections -= closed;
		return closed;
	}

	void open(double connections) {
		this.connections += connections;
	}

	/** How long a request that comes now would wait. */
	double lagSeconds(double capacity) {
		return this.queue / capacity;
	}

	/**
	 * A step of time passes.
	 * @param load requests that all clients send in a second
	 * @param capacity requests that this pod can serve in a second
	 * @return the requests that were let in
	 */
	double serve(double load, double capacity) {
		double mean = load * this.connections * STEP_SECONDS;
		double requests = Math.max(0, mean + Math.sqrt(mean) * standardNormal());
		double served = capacity * STEP_SECONDS;
		double accepted = Math.min(requests * (1 - shedShare(capacity)), LONGEST_QUEUE - this.queue + served);
		this.queue = Math.max(0, this.queue + accepted - served);
		this.worstLagSeconds = Math.max(this.worstLagSeconds, lagSeconds(capacity));
		return accepted;
	}

	private double shedShare(double capacity) {
		if (!this.sheds) {
			return 0;
		}
		double share = (lagSeconds(capacity) - SHED_FROM_SECONDS) / (SHED_ALL_FROM_SECONDS - SHED_FROM_SECONDS);
		return Math.max(0, Math.min(1, share));
	}

	/**
	 * Judge and probe, if it is time to.
	 * @param step the step of time
	 * @return whether it is ready from now on and was not before, or the other way round
	 */
	boolean look(int step) {
		if ((step + this.secondPhase) % STEPS_PER_SECOND == 0) {
			this.answersReady = this.rule.isReady(Duration.ofMillis(step * 1000L / STEPS_PER_SECOND),
					Duration.ofNanos(Math.round(this.worstLagSeconds * 1e9)));
			this.worstLagSeconds = 0;
		}
		if ((step + this.probePhase) % STEPS_PER_PROBE == 0) {
			probe(step);
		}
		if (step != this.turnsAt) {
			return false;
		}
		this.ready = !this.ready;
		this.turnsAt = NEVER;
		return true;
	}

	private void probe(int step) {
		this.failedProbes = this.answersReady ? 0 : this.failedProbes + 1;
		boolean wanted = this.ready ? this.failedProbes < FAILURE_THRESHOLD : this.answersReady;
		if (wanted != this.ready && this.turnsAt == NEVER) {
			this.turnsAt = step + STEPS_TO_SPREAD;
		}
	}

	/** Near enough, and the same on every machine. */
	private double standardNormal() {
		return (this.random.nextDouble() + this.random.nextDouble() - 1) * SQUARE_ROOT_OF_6;
	}

}
