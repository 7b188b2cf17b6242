package io.github.eventloop.benchmarks.shedding;

import java.nio.file.Path;
import java.time.Duration;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;

/**
 * The load that a policy is tested with: a server with one loop receives a light load,
 * then twice its capacity, then a light load again. Requests arrive at random times.
 *
 * @param policy the policy
 * @param workMillis the computing time of a request
 * @param light the duration of the light load, before and after
 * @param heavy the duration of the overload
 */
record Overload(Policy policy, int workMillis, Duration light, Duration heavy) {

	private static final double LIGHT_LOAD = 0.3;

	private static final double HEAVY_LOAD = 2;

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	/** How long callers wait for an answer. */
	static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** The path that the client requests to open its connections. */
	static final String OPENING = "/nothing";

	private static final int CONNECTIONS = 400;

	/** The capacity of the server, in requests per second. */
	double capacity() {
		return 1000.0 / this.workMillis;
	}

	Duration end() {
		return this.light.multipliedBy(2).plus(this.heavy);
	}

	LoadResult run(Path directory) {
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
			.timeout(TIMEOUT)
			.start(plan)
			.await();
	}

}
