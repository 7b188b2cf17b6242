package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.FleetScenario.FleetColumn;
import io.github.eventloop.benchmarks.LoadResult.Sample;

/**
 * A fleet behind a balancer, started and warmed up, and its clients.
 */
final class FleetExperiment implements AutoCloseable {

	/** Conditions of the measurement, for the summary. */
	static final String CONDITIONS = """
			Each instance has two loops, a management port, `-Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1` and
			`eventloop.health.startup-grace=5s`. HAProxy balances connections in `mode tcp`, and probes every 2 s with a
			timeout of 1 s: not ready after 2 failures, ready after 1 success. Per instance, one client sends 48 requests
			per second over persistent connections and another 12 per second, each over a new connection, at random times.
			Latency is measured from the time at which a request was due; answers within a second count, from the start of
			the lag.

			- *one lags regardless of traffic*: both loops of b sleep for 1,600 of 1,700 ms.
			- *all slow, regardless of traffic*: all loops sleep for 350 of 400 ms.
			- *shared slow backend*: 8 callers per instance wait for each answer, whose handler sleeps for 150 ms on the
			  loop, and for a second after an error. Figures are answers per second, compared with *nothing*.
			- *twice the capacity*: handlers sleep for 40 ms on the loop. 100 requests per second arrive per instance, 15
			  before and after, over 60 persistent connections per instance; requests that find none free wait for one.""";

	private static final String CHEAP = "/nothing";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final Duration WARM_UP = Duration.ofSeconds(2);

	private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

	private static final int CALLERS = 8;

	private final FleetScenario scenario;

	private final Timeline timeline;

	private final List<Instance> instances = new ArrayList<>();

	private final List<RunningLoad> warmUps = new ArrayList<>();

	private final @Nullable FleetCluster cluster;

	private final Haproxy balancer;

	private FleetExperiment(FleetScenario scenario, FleetColumn column, List<String> names, Timeline timeline,
			Path directory) throws IOException {
		this.scenario = scenario;
		this.timeline = timeline;
		this.cluster = column.hasGate() ? new FleetCluster(names) : null;
		try {
			start(names, (name) -> application(column, name).start(name, directory));
			this.instances.forEach(this::warmUp);
			Pause.of(WARM_UP);
			this.balancer = new Haproxy(this.instances, directory);
		}
		catch (IOException | RuntimeException ex) {
			closeAll();
			throw ex;
		}
	}

	/**
	 * Load the classes that requests need, and keep sending as many as later through the
	 * balancer: an instance compares the rate of its requests with the one before.
	 */
	private void warmUp(Instance instance) {
		Load.get(instance.url("/sleep/1")).start(Plan.steady(5, WARM_UP));
		this.warmUps.add(Load.get(instance.url(CHEAP)).connections(4).start(Plan.steady(usual(), Duration.ofHours(1))));
	}

	/** Requests per second and instance while nothing lags. */
	private int usual() {
		return (this.scenario == FleetScenario.TWICE) ? 15 : 60;
	}

	/** Run a scenario with as many instances as there are names. */
	static FleetRecording run(FleetScenario scenario, FleetColumn column, List<String> names, Timeline timeline,
			Path directory) throws IOException {
		try (FleetExperiment experiment = new FleetExperiment(scenario, column, names, timeline, directory)) {
			return experiment.run();
		}
	}

	private Application application(FleetColumn column, String name) {
		Application application = Application.ofKubernetes(FleetApplication.class)
			.frugal()
			.loops(2)
			.managementPort()
			.property("eventloop.health.startup-grace", "5s")
			.properties(column.properties());
		return (this.cluster != null) ? this.cluster.pod(application, name) : application;
	}

	/**
	 * Start the instances at the same time, each of which mostly waits for the others.
	 */
	private void start(List<String> names, Function<String, Instance> start) {
		ExecutorService executor = Executors.newFixedThreadPool(names.size());
		try {
			List<CompletableFuture<Instance>> starting = names.stream()
				.map((name) -> CompletableFuture.supplyAsync(() -> start.apply(name), executor))
				.toList();
			// Also those that start after another has failed, because they have to be
			// closed.
			starting.forEach((instance) -> instance.handle((started, failure) -> started).join());
			starting.stream()
				.filter((each) -> !each.isCompletedExceptionally())
				.forEach((each) -> this.instances.add(each.join()));
			starting.forEach(CompletableFuture::join);
		}
		finally {
			executor.shutdown();
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
	private FleetRecording run() {
		List<Poll> polls = new CopyOnWriteArrayList<>();
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		try (RunningLoad pooled = pooled(); RunningLoad fresh = fresh()) {
			this.warmUps.forEach(RunningLoad::close);
			timer.scheduleAtFixedRate(() -> poll(pooled, polls), 0, BalancerRecording.POLL_MILLIS,
					TimeUnit.MILLISECONDS);
			Pause.of(this.timeline.before().minus(pooled.elapsed()));
			LoadResult callers = trouble(pooled.elapsed());
			// What has no outcome by then is late.
			Duration end = this.timeline.end().plusMillis(1500);
			LoadResult requests = pooled.awaitUntil(end).and(fresh.awaitUntil(end));
			Pause.of(this.timeline.end().minus(pooled.elapsed()));
			timer.shutdownNow();
			return new FleetRecording(this.scenario, this.timeline, (callers != null) ? callers : requests,
					List.copyOf(polls));
		}
		finally {
			timer.shutdownNow();
		}
	}

	private RunningLoad pooled() {
		int size = this.instances.size();
		boolean twice = this.scenario == FleetScenario.TWICE;
		Plan plan = switch (this.scenario) {
			case ONE, ALL_REGARDLESS -> plan(48, 48);
			case ALL_CALLERS -> plan(60, 0);
			case TWICE -> plan(15, 100);
		};
		return Load.get(this.balancer.url(twice ? "/sleep/40" : CHEAP))
			.connections(size * (twice ? 60 : 10))
			.prefilledBy(CHEAP)
			.timeout(TIMEOUT)
			.start(plan.poisson(1));
	}

	private RunningLoad fresh() {
		Plan plan = switch (this.scenario) {
			case ONE, ALL_REGARDLESS -> plan(12, 12);
			case ALL_CALLERS, TWICE -> plan(0, 0);
		};
		return Load.get(this.balancer.url(CHEAP)).newConnectionForEach().timeout(TIMEOUT).start(plan.poisson(2));
	}

	/** Requests per second and instance, before and after the lag and during it. */
	private Plan plan(double usual, double during) {
		int size = this.instances.size();
		return Plan.steady(size * usual, this.timeline.before())
			.then(size * during, this.timeline.lag())
			.then(size * usual, this.timeline.after());
	}

	/** Start what makes the instances lag. Returns the requests, if they are callers. */
	private @Nullable LoadResult trouble(Duration elapsed) {
		switch (this.scenario) {
			case ONE -> disturb(List.of(instance(FleetScenario.LAGGING)), 1600, 100);
			case ALL_REGARDLESS -> disturb(this.instances, 350, 50);
			case ALL_CALLERS -> {
				int callers = CALLERS * this.instances.size();
				return later(Load.get(this.balancer.url("/sleep/150"))
					.connections(callers)
					.timeout(TIMEOUT)
					.byCallers(callers, this.timeline.lag(), PAUSE_AFTER_ERROR), elapsed);
			}
			case TWICE -> {
				// The plan of the load.
			}
		}
		return null;
	}

	private Instance instance(String name) {
		return this.instances.stream().filter((instance) -> instance.name().equals(name)).findFirst().orElseThrow();
	}

	private void disturb(List<Instance> lagging, int sleepMillis, int gapMillis) {
		lagging.forEach((instance) -> Http.send("POST", instance.url("/disturb?sleep=%d&gap=%d&seconds=%d"
			.formatted(sleepMillis, gapMillis, this.timeline.lag().toSeconds()))));
	}

	/** The same requests in terms of the time since an earlier start. */
	private LoadResult later(LoadResult result, Duration offset) {
		return new LoadResult(result.samples()
			.stream()
			.map((sample) -> new Sample(sample.dueNanos() + offset.toNanos(), sample.lateNanos(), sample.latencyNanos(),
					sample.outcome(), sample.clientPort(), sample.error()))
			.toList(), (int) this.timeline.end().toSeconds());
	}

	private void poll(RunningLoad clock, List<Poll> polls) {
		try {
			Set<String> ready = this.balancer.ready();
			polls.add(new Poll(clock.elapsed().toNanos() / 1e9, ready));
			if (this.cluster != null) {
				this.cluster.ready(ready);
			}
		}
		catch (IOException | RuntimeException ex) {
			// The balancer or the API did not answer in time.
		}
	}

	@Override
	public void close() {
		this.balancer.close();
		closeAll();
	}

	private void closeAll() {
		this.warmUps.forEach(RunningLoad::close);
		this.instances.forEach(Instance::close);
		if (this.cluster != null) {
			this.cluster.close();
		}
	}

}
