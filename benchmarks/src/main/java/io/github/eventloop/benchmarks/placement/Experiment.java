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
 * An instance with a setting, and clients that connect anew for each request.
 */
final class Experiment implements AutoCloseable {

	/** What a reader of the figures has to know. */
	static final String CONDITIONS = """
			The sample with four loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1`, without a management port.
			round-robin: as Reactor Netty places and accepts connections; dedicated: `eventloop.acceptor.dedicated=true`;
			least-lag: `eventloop.placement=least-lag`; both: both. Every request has a connection of its own, and comes at a
			random time (Poisson); latency counts from when it was due.

			Slow route: 54 requests a second to `/products/1`, whose latency is shown, and 6 to `/offenders/sleep?millis=150`.

			Blocked loop: it sleeps for the whole time; 20 requests a second to `/products/1`, 2 s to answer, and 5 readiness
			probes, 1 s to answer. Those meet the blocked loop that are not answered within 500 ms. A dedicated acceptor carries
			no connections whose handlers could block it.

			What is kept alive stays with its loop: placement does nothing for it.""";

	private static final String ROUTE = "/products/1";

	private static final String SLOW_ROUTE = "/offenders/sleep?millis=150";

	private static final String READINESS = "/actuator/health/readiness";

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);

	/** Until nothing is left to be seen of a loop's past. */
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
	 * @param directory where to write its log to
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
	 * Play all.
	 * @param setting the setting
	 * @param duration how long each part takes
	 * @param directory where to write a log to
	 * @return what was seen
	 */
	static Recording play(Setting setting, Duration duration, Path directory) {
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
	 * @return the nine others
	 */
	LoadResult mixed(Duration duration) {
		try (LoadRun others = connect(ROUTE, PATIENCE, Plan.steady(54, duration).poisson(1));
				LoadRun slow = connect(SLOW_ROUTE, PATIENCE, Plan.steady(6, duration).poisson(2))) {
			slow.await();
			return others.await();
		}
	}

	/**
	 * Block a loop that does not accept connections.
	 * @param duration for how long to connect
	 * @return what became of the new connections
	 */
	Block blockWorker(Duration duration) {
		return block(this.loops.workerOnly(), duration);
	}

	/**
	 * Block the loop that accepts connections.
	 * @param duration for how long to connect
	 * @return what became of the new connections
	 */
	Block blockAcceptor(Duration duration) {
		return block(this.loops.acceptors().get(0), duration);
	}

	private Block block(String loop, Duration duration) {
		Duration blocked = duration.plus(PATIENCE).plusSeconds(1);
		try (Blockade blockade = Blockade.of(this.instance, List.of(loop), blocked);
				LoadRun requests = connect(ROUTE, PATIENCE, Plan.steady(20, duration).poisson(3));
				LoadRun probes = connect(READINESS, PROBE_PATIENCE, Plan.steady(5, duration).poisson(4))) {
			Block block = new Block(new Newcomers(requests.await()), new Newcomers(probes.await()));
			blockade.requireAllAsleep();
			return block;
		}
	}

	private LoadRun connect(String path, Duration patience, Plan plan) {
		return Load.get(this.instance.url(path)).newConnectionForEach().timeout(patience).start(plan);
	}

	@Override
	public void close() {
		this.instance.close();
	}

}
