package io.github.eventloop.benchmarks.placement;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.loops.Blockade;
import io.github.eventloop.benchmarks.loops.Loops;
import io.github.eventloop.benchmarks.placement.Recording.Block;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.process.Pause;

/**
 * An instance with a given setting, and clients that open a connection for each request.
 */
final class Experiment implements AutoCloseable {

	/** Conditions of the measurement, for the summary. */
	static final String CONDITIONS = """
			The sample with four loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1`, without a management port.
			round-robin: connection placement and accepting as in Reactor Netty; dedicated: `eventloop.acceptor.dedicated=true`;
			least-lag: `eventloop.placement=least-lag`; both: both settings. Every request opens its own connection and is sent at
			a random time (Poisson); latency is measured from the time at which it was due.

			Slow route: 54 requests per second to `/products/1`, whose latency is shown, and 6 to `/offenders/sleep?millis=150`.

			Blocked loop: it sleeps for the whole time; 20 requests per second to `/products/1` with a timeout of 2 s, and 5
			readiness probes with a timeout of 1 s. Requests that are not answered within 500 ms count as having hit the blocked
			loop. A dedicated acceptor carries no connections whose handlers could block it.

			Connections that are kept alive stay with their loop: placement does not affect them.""";

	private static final String ROUTE = "/products/1";

	private static final String SLOW_ROUTE = "/offenders/sleep?millis=150";

	private static final String READINESS = "/actuator/health/readiness";

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

	/** Time until recent lag of a loop no longer affects placement. */
	private static final Duration BREAK = Duration.ofSeconds(3);

	private final Instance instance;

	private final Loops loops;

	private Experiment(Instance instance, Loops loops) {
		this.instance = instance;
		this.loops = loops;
	}

	/**
	 * Start an instance.
	 * @param setting the setting
	 * @param directory the directory for its log
	 * @return the instance, warmed up
	 */
	static Experiment start(Setting setting, Path directory) {
		Instance instance = Application.sample()
			.frugal()
			.loops(4)
			.property("eventloop.placement", setting.placement())
			.property("eventloop.acceptor.dedicated", setting.dedicated())
			.start(setting.name(), directory);
		try {
			for (String path : List.of(ROUTE, "/offenders/sleep?millis=1", READINESS)) {
				Load.get(instance.url(path))
					.newConnectionForEach()
					.start(Plan.steady(50, Duration.ofSeconds(1)))
					.await();
			}
			return new Experiment(instance, Loops.of(instance));
		}
		catch (RuntimeException ex) {
			instance.close();
			throw ex;
		}
	}

	/**
	 * Run all parts for a setting.
	 * @param setting the setting
	 * @param duration the duration of each part
	 * @param directory the directory for its log
	 * @return the recorded measurements
	 */
	static Recording run(Setting setting, Duration duration, Path directory) {
		try (Experiment experiment = start(setting, directory)) {
			LoadResult mixed = experiment.mixed(duration);
			Pause.of(BREAK);
			Block worker = experiment.blockWorker(duration);
			if (setting.dedicated()) {
				return new Recording(setting, mixed, worker, null);
			}
			Pause.of(BREAK);
			return new Recording(setting, mixed, worker, experiment.blockAcceptor(duration));
		}
	}

	/**
	 * Send one of ten requests to a route that blocks its loop.
	 * @param duration for how long
	 * @return the other nine
	 */
	LoadResult mixed(Duration duration) {
		try (LoadRun others = connect(ROUTE, TIMEOUT, Plan.steady(54, duration).poisson(1));
				LoadRun slow = connect(SLOW_ROUTE, TIMEOUT, Plan.steady(6, duration).poisson(2))) {
			slow.await();
			return others.await();
		}
	}

	/**
	 * Block a loop that does not accept connections.
	 * @param duration for how long to open connections
	 * @return the outcome of the new connections
	 */
	Block blockWorker(Duration duration) {
		return block(this.loops.workerOnly(), duration);
	}

	/**
	 * Block the loop that accepts connections.
	 * @param duration for how long to open connections
	 * @return the outcome of the new connections
	 */
	Block blockAcceptor(Duration duration) {
		return block(this.loops.acceptors().get(0), duration);
	}

	private Block block(String loop, Duration duration) {
		Duration blocked = duration.plus(TIMEOUT).plusSeconds(1);
		try (Blockade blockade = Blockade.of(this.instance, List.of(loop), blocked);
				LoadRun requests = connect(ROUTE, TIMEOUT, Plan.steady(20, duration).poisson(3));
				LoadRun probes = connect(READINESS, PROBE_TIMEOUT, Plan.steady(5, duration).poisson(4))) {
			Block block = new Block(new NewConnections(requests.await()), new NewConnections(probes.await()));
			blockade.requireAllAsleep();
			return block;
		}
	}

	private LoadRun connect(String path, Duration timeout, Plan plan) {
		return Load.get(this.instance.url(path)).newConnectionForEach().timeout(timeout).start(plan);
	}

	@Override
	public void close() {
		this.instance.close();
	}

}
