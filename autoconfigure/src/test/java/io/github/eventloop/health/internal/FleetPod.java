package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Pod of a simulated fleet: a FIFO queue, a readiness rule that is applied once a second,
 * and a kubelet that probes the pod.
 */
final class FleetPod {

	/** Requests that a pod serves per second, unless it is slow. */
	static final double CAPACITY = 1000;

	/** Longest queue of requests. Further requests are rejected. */
	static final double LONGEST_QUEUE = 2 * CAPACITY;

	static final int STEPS_PER_SECOND = 10;

	private static final double STEP_SECONDS = 1.0 / STEPS_PER_SECOND;

	private static final int STEPS_PER_PROBE = 2 * STEPS_PER_SECOND;

	private static final int FAILURE_THRESHOLD = 2;

	/** Time until a readiness change has reached every node. */
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

	/** The fraction of all connections of the fleet that this pod has. */
	private double connections;

	private double queue;

	private double worstLagSeconds;

	/** The response to the next probe. */
	private boolean reportsReady = true;

	private int failedProbes;

	/** Whether the pod receives new connections. */
	private boolean ready = true;

	private int changesAt = NEVER;

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

	/** Close a fraction of the connections. */
	double closeConnections(double fraction) {
		double closed = this.connections * fraction;
		this.connections -= closed;
		return closed;
	}

	void open(double connections) {
		this.connections += connections;
	}

	/** Return how long a request that arrives now waits. */
	double lagSeconds(double capacity) {
		return this.queue / capacity;
	}

	/**
	 * Simulate one time step.
	 * @param load the requests per second of all clients
	 * @param capacity the requests per second that this pod can serve
	 * @return the accepted requests
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
	 * Apply the readiness rule and the probe, if they are due.
	 * @param step the time step
	 * @return whether the readiness has changed
	 */
	boolean update(int step) {
		if ((step + this.secondPhase) % STEPS_PER_SECOND == 0) {
			this.reportsReady = this.rule.isReady(Duration.ofMillis(step * 1000L / STEPS_PER_SECOND),
					Duration.ofNanos(Math.round(this.worstLagSeconds * 1e9)));
			this.worstLagSeconds = 0;
		}
		if ((step + this.probePhase) % STEPS_PER_PROBE == 0) {
			probe(step);
		}
		if (step != this.changesAt) {
			return false;
		}
		this.ready = !this.ready;
		this.changesAt = NEVER;
		return true;
	}

	private void probe(int step) {
		this.failedProbes = this.reportsReady ? 0 : this.failedProbes + 1;
		boolean target = this.ready ? this.failedProbes < FAILURE_THRESHOLD : this.reportsReady;
		if (target != this.ready && this.changesAt == NEVER) {
			this.changesAt = step + STEPS_TO_SPREAD;
		}
	}

	/** Return an approximation that is the same on every machine. */
	private double standardNormal() {
		return (this.random.nextDouble() + this.random.nextDouble() - 1) * SQUARE_ROOT_OF_6;
	}

}
