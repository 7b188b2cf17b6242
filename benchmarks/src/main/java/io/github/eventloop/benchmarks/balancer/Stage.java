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
 * The instances and the balancer in front of them, started and warmed up.
 */
final class Stage implements AutoCloseable {

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final List<Instance> instances = new ArrayList<>();

	private final Haproxy balancer;

	/**
	 * Start the instances and the balancer.
	 * @param scenario the configuration of the instances
	 * @param managementPort whether they have a separate management port, which is then
	 * the one that is probed
	 * @param directory the directory for configuration and logs
	 */
	Stage(Scenario scenario, boolean managementPort, Path directory) {
		try {
			for (String name : Scenario.INSTANCES) {
				Application sample = Application.sample().frugal().loops(2);
				// Enough for a small application on an idle machine; the default is 30 s.
				sample.property("eventloop.health.startup-grace", GRACE.toSeconds() + "s");
				scenario.properties().forEach(sample::property);
				if (managementPort) {
					sample.property("management.server.port", 0).property("management.server.address", "127.0.0.1");
				}
				this.instances.add(sample.start(name, directory));
			}
			this.instances.forEach(Stage::warmUp);
			// The grace period starts with the first second in which an instance is
			// ready.
			Pause.of(GRACE.plusSeconds(1));
			this.balancer = Haproxy.start(this.instances, Haproxy.Probe.readiness(), directory);
		}
		catch (RuntimeException ex) {
			this.instances.forEach(Instance::close);
			throw ex;
		}
	}

	/**
	 * Load the classes that requests need: otherwise the first requests would be the
	 * slowest.
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
