package io.github.eventloop.health.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Simulation of a fleet of pods behind a Kubernetes Service, in time steps of a tenth of
 * a second. Clients send requests at a given rate, regardless of the responses, on
 * connections that are spread evenly over the ready pods when they are opened; or a given
 * number of callers wait for each response.
 */
final class FleetSimulation {

	private static final int STEPS_PER_SECOND = FleetPod.STEPS_PER_SECOND;

	/** Time after which a client gives up. */
	private static final double CLIENT_TIMEOUT_SECONDS = 1;

	private static final int TROUBLE_FROM = 60;

	private static final int TROUBLE_SECONDS = 150;

	private static final int SECONDS = 300;

	/** The pause of a caller between two requests. */
	private static final double PAUSE_SECONDS = 0.3;

	/** So small a share that it is one pod of any fleet. */
	private static final double ONE_POD = 1e-9;

	private final Scenario scenario;

	private final Connections connections;

	private final List<FleetPod> pods = new ArrayList<>();

	/** Connections that could not be opened, as a fraction of all. */
	private double unconnected;

	private final Tally tally = new Tally();

	FleetSimulation(int pods, Scenario scenario, Connections connections, FleetRule.Factory rule, long seed) {
		this.scenario = scenario;
		this.connections = connections;
		SplittableRandom random = new SplittableRandom(seed);
		FleetFloor floor = new FleetFloor(pods);
		for (int i = 0; i < pods; i++) {
			this.pods.add(new FleetPod(rule.create(floor, random.split()), rule.sheds(), 1.0 / pods, random.split()));
		}
	}

	Outcome run() {
		for (int step = 0; step < SECONDS * STEPS_PER_SECOND; step++) {
			step(step);
		}
		return this.tally.outcome(this.pods.size());
	}

	private void step(int step) {
		double second = (double) step / STEPS_PER_SECOND;
		boolean counts = second >= TROUBLE_FROM;
		boolean trouble = counts && second < TROUBLE_FROM + TROUBLE_SECONDS;
		int ready = ready();
		reconnect(ready);
		double load = (trouble ? this.scenario.loadInTrouble : this.scenario.load) * this.pods.size()
				* FleetPod.CAPACITY;
		long slow = trouble ? this.scenario.slowPods(this.pods.size()) : 0;
		double inTime = 0;
		int readinessChanges = 0;
		for (int i = 0; i < this.pods.size(); i++) {
			FleetPod pod = this.pods.get(i);
			double capacity = (i < slow) ? FleetPod.CAPACITY * this.scenario.slowCapacity : FleetPod.CAPACITY;
			double lag = pod.queue() / capacity + ((i < slow) ? this.scenario.lagSeconds : 0);
			double answered = (this.scenario.callers > 0) ? serveCallers(pod, capacity)
					: pod.serve(load * pod.connections() / STEPS_PER_SECOND, Double.MAX_VALUE, capacity,
							(i < slow) ? this.scenario.lagSeconds : 0);
			inTime += (lag <= CLIENT_TIMEOUT_SECONDS) ? answered : 0;
			readinessChanges += pod.update(step) ? 1 : 0;
		}
		if (counts) {
			this.tally.step((double) ready / this.pods.size(), load / STEPS_PER_SECOND, inTime, readinessChanges,
					this.scenario.callers > 0);
		}
	}

	/** Callers send the next request after the response to the last and a short pause. */
	private double serveCallers(FleetPod pod, double capacity) {
		double thinking = Math.max(0, this.scenario.callers * this.pods.size() * pod.connections() - pod.queue());
		double before = pod.queue();
		double accepted = pod.serve(thinking / PAUSE_SECONDS / STEPS_PER_SECOND, thinking, capacity, 0);
		return before + accepted - pod.queue();
	}

	private int ready() {
		int ready = 0;
		for (FleetPod pod : this.pods) {
			ready += pod.isReady() ? 1 : 0;
		}
		return ready;
	}

	/** Close connections, and reopen them to ready pods. */
	private void reconnect(int ready) {
		for (FleetPod pod : this.pods) {
			this.unconnected += pod.closeConnections(
					pod.isDraining() ? this.connections.endingPerStepIfDraining : this.connections.endingPerStep);
		}
		if (ready > 0) {
			double each = this.unconnected / ready;
			for (FleetPod pod : this.pods) {
				if (pod.isReady()) {
					pod.open(each);
				}
			}
			this.unconnected = 0;
		}
	}

	/**
	 * Scenario of the simulation. The trouble lasts from minute 1 to 3½ of 5; results are
	 * counted from its beginning.
	 */
	enum Scenario {

		/** One pod has a third of its capacity. */
		ONE_SLOW("one slow", 0.6, 0.6, ONE_POD, 1 / 3.0, 0, 0),

		/** One pod makes every request wait, however many there are. */
		ONE_LAGS("one lags regardless of traffic", 0.6, 0.6, ONE_POD, 1, 1.2, 0),

		/** A tenth of the pods has a third of its capacity. */
		TENTH_SLOW("a tenth slow", 0.6, 0.6, 0.1, 1 / 3.0, 0, 0),

		/** All have a third of their capacity: they need 0.6 of it. */
		ALL_SLOW("all slow, with traffic", 0.6, 0.6, 1, 1 / 3.0, 0, 0),

		/** All make requests wait for 350 ms, however many there are. */
		ALL_LAG("all slow, regardless of traffic", 0.6, 0.6, 1, 1, 0.35, 0),

		/**
		 * 24 callers for each pod wait for handlers that block, 40 of which a pod can run
		 * per second.
		 */
		SLOW_BACKEND("shared slow backend", 0.6, 0.6, 1, 0.04, 0, 24),

		/** The load is twice the capacity of all pods. */
		TWICE("twice the capacity", 0.6, 2, 0, 1, 0, 0),

		/** A fifth is slow, and the others cannot take over all of its load. */
		CASCADE("cascade", 0.85, 0.85, 0.2, 1 / 3.0, 0, 0);

		private final String title;

		private final double load;

		private final double loadInTrouble;

		private final double slowShare;

		private final double slowCapacity;

		private final double lagSeconds;

		private final double callers;

		Scenario(String title, double load, double loadInTrouble, double slowShare, double slowCapacity,
				double lagSeconds, double callers) {
			this.title = title;
			this.load = load;
			this.loadInTrouble = loadInTrouble;
			this.slowShare = slowShare;
			this.slowCapacity = slowCapacity;
			this.lagSeconds = lagSeconds;
			this.callers = callers;
		}

		String title() {
			return this.title;
		}

		private long slowPods(int pods) {
			return (this.slowShare > 0) ? Math.max(1, Math.round(pods * this.slowShare)) : 0;
		}

	}

	/**
	 * How long clients keep their connections.
	 */
	enum Connections {

		/** Kept for two minutes, whatever the pod asks for. */
		KEPT("kept", 120, 120),

		/** Kept for two minutes, unless the pod requests a reconnect. */
		CLOSED("closed", 120, 5),

		/** Kept for two seconds, so that nearly all are new. */
		NEW("new", 2, 2);

		private final String title;

		private final double endingPerStep;

		private final double endingPerStepIfDraining;

		Connections(String title, double meanSeconds, double meanSecondsIfDraining) {
			this.title = title;
			this.endingPerStep = endingPerStep(meanSeconds);
			this.endingPerStepIfDraining = endingPerStep(meanSecondsIfDraining);
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
	 * @param inTime the share of all requests that were answered in time or, with callers
	 * that wait for responses, the number of these requests
	 * @param leastReady the smallest share of ready pods
	 * @param meanReady the mean share of ready pods
	 * @param secondsWithoutPods the time without any ready pod
	 * @param changesPerMinute the readiness changes of a pod per minute
	 */
	record Outcome(double inTime, double leastReady, double meanReady, double secondsWithoutPods,
			double changesPerMinute) {
	}

	private static final class Tally {

		private double requests;

		private double inTime;

		private double ready;

		private double leastReady = 1;

		private int steps;

		private int stepsWithoutPods;

		private int readinessChanges;

		void step(double ready, double requests, double inTime, int readinessChanges, boolean closedLoop) {
			this.requests += closedLoop ? 0 : requests;
			// By chance, more requests may be served than the load has on average.
			this.inTime += closedLoop ? inTime : Math.min(inTime, requests);
			this.ready += ready;
			this.leastReady = Math.min(this.leastReady, ready);
			this.stepsWithoutPods += (ready == 0) ? 1 : 0;
			this.readinessChanges += readinessChanges;
			this.steps++;
		}

		Outcome outcome(int pods) {
			double minutes = this.steps / 60.0 / STEPS_PER_SECOND;
			return new Outcome(this.inTime / Math.max(1, this.requests), this.leastReady, this.ready / this.steps,
					(double) this.stepsWithoutPods / STEPS_PER_SECOND, this.readinessChanges / minutes / pods);
		}

	}

}
