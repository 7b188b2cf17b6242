package io.github.eventloop.health.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Simulation of a fleet of pods behind a Kubernetes Service, in time steps of a tenth of
 * a second. Clients send requests at a given rate, regardless of the responses, on
 * connections that are spread evenly over the ready pods when they are opened.
 */
final class FleetSimulation {

	private static final int STEPS_PER_SECOND = FleetPod.STEPS_PER_SECOND;

	/** Time after which a client gives up. */
	private static final double CLIENT_TIMEOUT_SECONDS = 1;

	private static final int TROUBLE_FROM = 60;

	private static final int LAG_BUCKETS_PER_SECOND = 100;

	private final Scenario scenario;

	private final Connections connections;

	private final List<FleetPod> pods = new ArrayList<>();

	/** Connections that could not be opened, as a fraction of all. */
	private double unconnected;

	private final Tally tally = new Tally();

	FleetSimulation(int pods, Scenario scenario, Connections connections, FleetRule.Kind rule, long seed) {
		this.scenario = scenario;
		this.connections = connections;
		SplittableRandom random = new SplittableRandom(seed);
		for (int i = 0; i < pods; i++) {
			this.pods.add(new FleetPod(rule.create(random.split()), rule == FleetRule.Kind.SHEDDING, 1.0 / pods,
					random.split()));
		}
	}

	Outcome run() {
		for (int step = 0; step < this.scenario.seconds * STEPS_PER_SECOND; step++) {
			step(step);
		}
		return this.tally.outcome(this.pods.size());
	}

	private void step(int step) {
		double second = (double) step / STEPS_PER_SECOND;
		boolean counts = second >= TROUBLE_FROM;
		boolean trouble = counts && second < TROUBLE_FROM + this.scenario.troubleSeconds;
		long ready = this.pods.stream().filter(FleetPod::isReady).count();
		reconnect(ready);
		double load = (trouble ? this.scenario.loadInTrouble : this.scenario.load) * this.pods.size()
				* FleetPod.CAPACITY;
		long slow = trouble ? Math.round(this.pods.size() * this.scenario.slowShare) : 0;
		double inTime = 0;
		int readinessChanges = 0;
		for (int i = 0; i < this.pods.size(); i++) {
			FleetPod pod = this.pods.get(i);
			double capacity = (i < slow) ? FleetPod.CAPACITY / 3 : FleetPod.CAPACITY;
			double lag = pod.lagSeconds(capacity);
			double accepted = pod.serve(load, capacity);
			inTime += (lag <= CLIENT_TIMEOUT_SECONDS) ? accepted : 0;
			readinessChanges += pod.update(step) ? 1 : 0;
			if (counts) {
				this.tally.lag(lag, accepted);
			}
		}
		if (counts) {
			this.tally.step((double) ready / this.pods.size(), load / STEPS_PER_SECOND, inTime, readinessChanges);
		}
	}

	/** Close connections, and reopen them to ready pods. */
	private void reconnect(long ready) {
		for (FleetPod pod : this.pods) {
			this.unconnected += pod.closeConnections(
					pod.isReady() ? this.connections.endingPerStep : this.connections.endingPerStepIfUnready);
		}
		if (ready > 0) {
			double each = this.unconnected / ready;
			this.pods.stream().filter(FleetPod::isReady).forEach((pod) -> pod.open(each));
			this.unconnected = 0;
		}
	}

	/**
	 * Scenario of the simulation. The trouble begins after a minute; results are counted
	 * from then on.
	 */
	enum Scenario {

		/** A tenth of the pods has a third of its capacity for two minutes. */
		FEW_SLOW("a few slow pods", 0.6, 0.6, 0.1, 120, 300),

		/** The load is 1.3 times the capacity of all pods for three minutes. */
		ALL_OVERLOADED("all overloaded", 0.6, 1.3, 0, 180, 300),

		/** A tenth is slow while the load leaves just enough to the others. */
		NO_RESERVE("no reserve", 0.85, 0.85, 0.1, 120, 300),

		/** A fifth is slow: without these pods the others are overloaded, too. */
		CASCADE("cascade", 0.85, 0.85, 0.2, 120, 300);

		private final String title;

		private final double load;

		private final double loadInTrouble;

		private final double slowShare;

		private final int troubleSeconds;

		private final int seconds;

		Scenario(String title, double load, double loadInTrouble, double slowShare, int troubleSeconds, int seconds) {
			this.title = title;
			this.load = load;
			this.loadInTrouble = loadInTrouble;
			this.slowShare = slowShare;
			this.troubleSeconds = troubleSeconds;
			this.seconds = seconds;
		}

		String title() {
			return this.title;
		}

	}

	/**
	 * How long clients keep their connections.
	 */
	enum Connections {

		/** Kept for two minutes, whether or not the pod is ready. */
		KEPT("kept", 120, 120),

		/** Kept for two minutes, unless the pod requests a reconnect. */
		CLOSED("closed", 120, 5),

		/** Kept for two seconds, so that nearly all are new. */
		NEW("new", 2, 2);

		private final String title;

		private final double endingPerStep;

		private final double endingPerStepIfUnready;

		Connections(String title, double meanSeconds, double meanSecondsIfUnready) {
			this.title = title;
			this.endingPerStep = endingPerStep(meanSeconds);
			this.endingPerStepIfUnready = endingPerStep(meanSecondsIfUnready);
		}

		private static double endingPerStep(double meanSeconds) {
			return 1 - StrictMath.exp(-1 / meanSeconds / STEPS_PER_SECOND);
		}

		String title() {
			return this.title;
		}

	}

	/**
	 * Result of a simulation.
	 *
	 * @param inTime the share of all requests that were answered in time
	 * @param p99LagMillis the 99th percentile of the lag of accepted requests
	 * @param leastReady the smallest share of ready pods
	 * @param meanReady the mean share of ready pods
	 * @param secondsWithoutPods the time without any ready pod
	 * @param changesPerMinute the readiness changes of a pod per minute
	 * @param seconds the samples, one for each second
	 */
	record Outcome(double inTime, double p99LagMillis, double leastReady, double meanReady, double secondsWithoutPods,
			double changesPerMinute, List<Sample> seconds) {
	}

	/**
	 * Sample of one second.
	 *
	 * @param ready the share of ready pods
	 * @param inTime the share of requests that were answered in time
	 */
	record Sample(double ready, double inTime) {
	}

	private static final class Tally {

		/** Accepted requests by their lag. */
		private final double[] lags = new double[10 * LAG_BUCKETS_PER_SECOND];

		private final List<Sample> samples = new ArrayList<>();

		private double accepted;

		private double requests;

		private double inTime;

		private double ready;

		private double leastReady = 1;

		private int steps;

		private int stepsWithoutPods;

		private int readinessChanges;

		void lag(double lagSeconds, double accepted) {
			this.lags[(int) Math.min(this.lags.length - 1, lagSeconds * LAG_BUCKETS_PER_SECOND)] += accepted;
			this.accepted += accepted;
		}

		void step(double ready, double requests, double inTime, int readinessChanges) {
			this.requests += requests;
			// By chance, more requests may be served than the load has on average.
			this.inTime += Math.min(inTime, requests);
			this.ready += ready;
			this.leastReady = Math.min(this.leastReady, ready);
			this.stepsWithoutPods += (ready == 0) ? 1 : 0;
			this.readinessChanges += readinessChanges;
			if (this.steps++ % STEPS_PER_SECOND == 0) {
				this.samples.add(new Sample(ready, Math.min(1, inTime / requests)));
			}
		}

		Outcome outcome(int pods) {
			double minutes = this.steps / 60.0 / STEPS_PER_SECOND;
			return new Outcome(this.inTime / this.requests, p99LagMillis(), this.leastReady, this.ready / this.steps,
					(double) this.stepsWithoutPods / STEPS_PER_SECOND, this.readinessChanges / minutes / pods,
					this.samples);
		}

		private double p99LagMillis() {
			double below = 0;
			int bucket = -1;
			while (below < 0.99 * this.accepted) {
				below += this.lags[++bucket];
			}
			return 1000.0 * (bucket + 1) / LAG_BUCKETS_PER_SECOND;
		}

	}

}
