package io.github.eventloop.benchmarks.balancer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Haproxy;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * The instances and the balancer before them, warmed up.
 */
final class Stage implements AutoCloseable {

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final List<Instance> instances = new ArrayList<>();

	private final Haproxy balancer;

	/**
	 * Start all.
	 * @param scenario what to tell the instances
	 * @param managementPort whether they have a management port of their own, which is
	 * probed then
	 * @param directory where to write configuration and logs to
	 */
	Stage(Scenario scenario, boolean managementPort, Path directory) {
		try {
			for (String name : Scenario.INSTANCES) {
				Application sample = Application.sample().frugal().loops(2);
				// As long as the start of a small application on an idle machine; 30 s by
				// default.
				sample.property("eventloop.health.startup-grace", GRACE.toSeconds() + "s");
				scenario.properties().forEach(sample::property);
				if (managementPort) {
					sample.property("management.server.port", 0).property("management.server.address", "127.0.0.1");
				}
				this.instances.add(sample.start(name, directory));
			}
			this.instances.forEach(Stage::warmUp);
			// It begins with the second in which an instance is ready.
			Pause.of(GRACE.plusSeconds(1));
			this.balancer = Haproxy.start(this.instances, Haproxy.Probe.readiness(), directory);
		}
		catch (RuntimeException ex) {
			this.instances.forEach(Instance::close);
			throw ex;
		}
	}

	/**
	 * Load the classes that requests need, or the first of them would be the slowest.
	 */
	private static void warmUp(Instance instance) {
		for (String path : List.of("/products/1", "/offenders/sleep?millis=1", "/actuator/health/readiness")) {
			Load.get(instance.url(path)).connections(4).start(Plan.steady(50, Duration.ofSeconds(1))).await();
		}
	}

	List<Instance> instances() {
		return this.instances;
	}

	Haproxy balancer() {
		return this.balancer;
	}

	@Override
	public void close() {
		this.balancer.close();
		this.instances.forEach(Instance::close);
	}

}
