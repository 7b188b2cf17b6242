package io.github.eventloop.benchmarks.shedding;

import java.nio.file.Path;
import java.time.Duration;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;

/**
 * What happens to one policy: a server with one loop has little to do for a while, then
 * twice of what it can do, then little again. Requests come at random.
 *
 * @param policy the policy
 * @param workMillis how long a request computes
 * @param light how long it has little to do, before and after
 * @param heavy how long it has too much to do
 */
record Overload(Policy policy, int workMillis, Duration light, Duration heavy) {

	private static final double LIGHT_LOAD = 0.3;

	private static final double HEAVY_LOAD = 2;

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	/** So long callers wait. */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	/** What the client asks for to open its connections. */
	static final String OPENING = "/nothing";

	private static final int CONNECTIONS = 400;

	/** What the server can do, in requests a second. */
	double capacity() {
		return 1000.0 / this.workMillis;
	}

	Duration end() {
		return this.light.multipliedBy(2).plus(this.heavy);
	}

	LoadResult play(Path directory) {
		Application application = this.policy.applyTo(Application.of(OverloadedApplication.class).loops(1));
		try (Instance server = application.start(this.policy.name(), directory)) {
			load(server, Plan.steady(LIGHT_LOAD * capacity(), WARM_UP));
			return load(server,
					Plan.steady(LIGHT_LOAD * capacity(), this.light)
						.then(HEAVY_LOAD * capacity(), this.heavy)
						.then(LIGHT_LOAD * capacity(), this.light)
						.poisson(1));
		}
	}

	private LoadResult load(Instance server, Plan plan) {
		return Load.get(server.url("/work/" + this.workMillis))
			.connections(CONNECTIONS)
			.prefilledBy(OPENING)
			.timeout(PATIENCE)
			.start(plan)
			.await();
	}

}
