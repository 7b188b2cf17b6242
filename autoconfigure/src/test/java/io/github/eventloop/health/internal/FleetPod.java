package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.SplittableRandom;

import io.github.eventloop.health.HealthSettings;

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

	/** The wait in the queue from which all further requests are shed. */
	private static final double SHED_FROM_SECONDS = 0.15;

	/** The share of shed requests from which a second is bad, whatever its lag. */
	private static final double MUCH_SHED = 0.1;

	private final FleetRule rule;

	private final boolean sheds;

	private final SplittableRandom random;

	private final int secondPhase;

	private final int probePhase;

	/** The fraction of all connections of the fleet that this pod has. */
	private double connections;

	private double queue;

	private double worstLagSeconds;

	/** The requests that arrived since the last second ended. */
	private double requests;

	/** Those of them that were shed. */
	private double shed;

	private boolean draining;

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

	/** Return whether the pod asks its clients to reconnect. */
	boolean isDraining() {
		return this.draining;
	}

	/** Return the fraction of all connections of the fleet that this pod has. */
	double connections() {
		return this.connections;
	}

	/** Return the requests that wait. */
	double queue() {
		return this.queue;
	}

	/**
	 * Simulate one time step.
	 * @param mean the requests that arrive in it on average
	 * @param most the requests that arrive in it at most
	 * @param capacity the requests per second that this pod can serve
	 * @param lagSeconds the lag regardless of the traffic
	 * @return the accepted requests
	 */
	double serve(double mean, double most, double capacity, double lagSeconds) {
		double arriving = Math.min(most, Math.max(0, mean + Math.sqrt(mean) * standardNormal()));
		double served = capacity * STEP_SECONDS;
		double longest = this.sheds ? Math.max(served, SHED_FROM_SECONDS * capacity) : LONGEST_QUEUE;
		double accepted = Math.max(0, Math.min(arriving, longest - this.queue + served));
		this.queue = Math.max(0, this.queue + accepted - served);
		this.worstLagSeconds = Math.max(this.worstLagSeconds, this.queue / capacity + lagSeconds);
		this.requests += arriving;
		this.shed += this.sheds ? arriving - accepted : 0;
		return accepted;
	}

	/**
	 * Apply the readiness rule and the probe, if they are due.
	 * @param step the time step
	 * @return whether the readiness has changed
	 */
	boolean update(int step) {
		if ((step + this.secondPhase) % STEPS_PER_SECOND == 0) {
			boolean muchShed = this.shed > MUCH_SHED * this.requests;
			Duration lag = muchShed ? HealthSettings.DEFAULT.overloadedP99()
					: Duration.ofNanos(Math.round(this.worstLagSeconds * 1e9));
			this.reportsReady = this.rule.isReady(Duration.ofMillis(step * 1000L / STEPS_PER_SECOND), lag,
					Math.round(this.requests));
			this.draining = this.rule.isDraining();
			this.worstLagSeconds = 0;
			this.requests = 0;
			this.shed = 0;
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
