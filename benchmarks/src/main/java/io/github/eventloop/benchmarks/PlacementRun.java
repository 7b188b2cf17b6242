package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.benchmarks.Blockade.Loops;
import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;
import io.github.eventloop.benchmarks.Picture.Panel;

/**
 * Benchmark of new connections to the sample with each placement, with and without a
 * dedicated acceptor: while a slow route is in use, and while one of four loops is
 * blocked.
 */
public final class PlacementRun {

	private static final String ROUTE = "/products/1";

	private static final String READINESS = "/actuator/health/readiness";

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	/** Time until recent lag of a loop no longer affects placement. */
	private static final Duration BREAK = Duration.ofSeconds(3);

	private PlacementRun() {
	}

	/** The duration of each part of a setting is in seconds. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("placement", arguments, "seconds");
		Duration duration = Duration.ofSeconds(run.get("seconds", 12));
		Panel slow = Panel.logarithmic("with a slow route: p99 of the other requests, ms");
		Panel worker = Panel.upTo(100, "a worker blocked: new connections that hit it, %");
		Panel acceptor = Panel.upTo(100, "the acceptor blocked: new connections that hit it, %");
		run.say("""
				# Where new connections go

				The sample with four loops, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1`, without a management port.
				round-robin: connection placement and accepting as in Reactor Netty; dedicated: `eventloop.acceptor.dedicated=true`;
				least-lag: `eventloop.placement=least-lag`; both: both settings. Every request opens its own connection and is sent at
				a random time (Poisson); latency is measured from the time at which it was due.

				Slow route: 54 requests per second to `/products/1`, whose latency is shown, and 6 to `/offenders/sleep?millis=150`.
				Blocked loop: it sleeps for the whole time; 20 requests per second to `/products/1` with a timeout of 2 s, and 5
				readiness probes with a timeout of 1 s. Requests that are not answered within 500 ms count as having hit the blocked
				loop. A dedicated acceptor carries no connections whose handlers could block it.
				Connections that are kept alive stay with their loop: placement does not affect them.

				| | slow route: p50 | p99 | longest | later than 50 ms | a worker blocked: requests that hit it | probes \
				| the acceptor blocked: requests that hit it | probes |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
		for (Setting setting : Setting.ALL) {
			run.progress("%s: the sample starts, then %d times %d s", setting.name(), setting.dedicated() ? 2 : 3,
					duration.toSeconds());
			try (Instance instance = setting.start(run.directory())) {
				LoadResult mixed = mixed(instance, duration);
				LoadResult accepted = mixed.only(Sample::isOk);
				slow.line(setting.name(), mixed.perSecond(LoadResult::p99Millis));
				List<Object> row = new ArrayList<>(List.of(setting.name(), Run.format("%.0f ms", accepted.millis(50)),
						Run.format("%.0f ms", accepted.millis(99)), Run.format("%.0f ms", accepted.millis(100)),
						// A third of the duration of the slow route.
						Run.format("%.1f %%", 100 * mixed.share((sample) -> sample.latencyNanos() > 50_000_000))));
				Pause.of(BREAK);
				Loops loops = Loops.of(instance);
				block(instance, loops.workerOnly(), duration).report(setting.name(), worker, row);
				if (setting.dedicated()) {
					row.addAll(List.of("-", "-"));
				}
				else {
					Pause.of(BREAK);
					block(instance, loops.acceptors().get(0), duration).report(setting.name(), acceptor, row);
				}
				run.row(row);
			}
		}
		run.keep("new-connections", new Picture("Where new connections go", slow, worker, acceptor));
	}

	/**
	 * Send one of ten requests to a route that blocks its loop, and return the other
	 * nine.
	 */
	private static LoadResult mixed(Instance instance, Duration duration) {
		try (RunningLoad others = connect(instance, ROUTE, TIMEOUT, Plan.steady(54, duration).poisson(1));
				RunningLoad slow = connect(instance, "/offenders/sleep?millis=150", TIMEOUT,
						Plan.steady(6, duration).poisson(2))) {
			slow.await();
			return others.await();
		}
	}

	/** Open connections while a loop is blocked. */
	static Block block(Instance instance, String loop, Duration duration) throws IOException {
		try (Blockade blockade = Blockade.of(instance, List.of(loop), duration.plus(TIMEOUT).plusSeconds(1));
				RunningLoad requests = connect(instance, ROUTE, TIMEOUT, Plan.steady(20, duration).poisson(3));
				RunningLoad probes = connect(instance, READINESS, Duration.ofSeconds(1),
						Plan.steady(5, duration).poisson(4))) {
			Block block = new Block(requests.await(), probes.await());
			blockade.requireAllAsleep();
			return block;
		}
	}

	private static RunningLoad connect(Instance instance, String path, Duration timeout, Plan plan) {
		return Load.get(instance.url(path)).newConnectionForEach().timeout(timeout).start(plan);
	}

	/**
	 * New connections while a loop was blocked.
	 */
	record Block(LoadResult requests, LoadResult probes) {

		/**
		 * Whether a request was delayed or failed, as happens on a blocked loop: for much
		 * longer than an unaffected request takes, and much shorter than the loop is
		 * blocked.
		 */
		static boolean hit(Sample sample) {
			return sample.latencyNanos() > 500_000_000 || sample.outcome() == Outcome.FAILED;
		}

		private void report(String setting, Panel panel, List<Object> row) {
			panel.line(setting, this.requests.perSecond((second) -> 100 * second.share(Block::hit)));
			row.add(Run.format("%.0f %%", 100 * this.requests.share(Block::hit)));
			row.add(Run.format("%.0f %%", 100 * this.probes.share(Block::hit)));
		}

	}

	/**
	 * How an instance places new connections.
	 */
	record Setting(String name, String placement, boolean dedicated) {

		static final Setting ROUND_ROBIN = new Setting("round-robin", "round-robin", false);

		static final Setting BOTH = new Setting("both", "least-lag", true);

		static final List<Setting> ALL = List.of(ROUND_ROBIN, new Setting("dedicated", "round-robin", true),
				new Setting("least-lag", "least-lag", false), BOTH);

		/** Start an instance, and warm it up. */
		Instance start(Path directory) {
			Instance instance = Application.sample()
				.frugal()
				.loops(4)
				.property("eventloop.placement", this.placement)
				.property("eventloop.acceptor.dedicated", this.dedicated)
				.start(this.name, directory);
			for (String path : List.of(ROUTE, "/offenders/sleep?millis=1", READINESS)) {
				connect(instance, path, TIMEOUT, Plan.steady(50, Duration.ofSeconds(1))).await();
			}
			return instance;
		}

	}

}
