package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.ProcessFacts;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.PauseTotals;
import io.github.eventloop.stall.Stall;

/**
 * Builder of observations, in which nothing is wrong unless a method says otherwise.
 */
public final class TestObservations {

	private static final int SECONDS = 60;

	private static final Lag NO_LAG = new Lag(0, 0, 0, 0, 0);

	static final Lag LAG = new Lag(10_000_000, 20_000_000, 60_000_000, 90_000_000, 95_000_000);

	private final Instant now = Instant.now();

	private final Map<String, LoopSnapshot> loops = new LinkedHashMap<>();

	private final Map<String, EventLoopHistory.Loop> histories = new LinkedHashMap<>();

	private final List<Stall> stalls = new ArrayList<>();

	private final List<QuietLoop> quiet = new ArrayList<>();

	private @Nullable Judgement judgement = new Judgement(EventLoopStatus.HEALTHY, "fine");

	private double processCpu;

	private double paused;

	private long collecting;

	private long starved;

	private int processors = 4;

	private Instant startedAt = Instant.EPOCH;

	private boolean probed;

	private Map<String, Duration> workers = Map.of();

	private List<String> pools = List.of();

	private Map<String, Thread.State> unmeasured = Map.of();

	private @Nullable List<BlockingHotspot> blocking;

	private boolean detailsShown = true;

	public TestObservations stall(Stall stall) {
		this.stalls.add(0, stall);
		this.loops.putIfAbsent(stall.loop(),
				loop(stall.loop(), EnumSet.of(LoopRole.SERVER), false, LoopState.IDLE, 0, NO_LAG, 0, 0));
		return this;
	}

	TestObservations loop(String name, double utilization, double cpu, Lag lag) {
		this.loops.put(name, loop(name, EnumSet.of(LoopRole.SERVER), false, LoopState.BUSY, 0, lag, utilization, null));
		this.histories.put(name,
				new EventLoopHistory.Loop(name, filled(0), filled(0), filled(utilization), filled(cpu), false));
		return this;
	}

	TestObservations stalledSeconds(String name) {
		Arrays.fill(this.histories.get(name).lagMaxNanos(), 3e8f);
		return this;
	}

	TestObservations acceptor(String name, Duration blocked, @Nullable Integer waiting) {
		this.loops.put(name, loop(name, EnumSet.of(LoopRole.ACCEPTOR, LoopRole.SERVER), false, LoopState.STALLED,
				blocked.toNanos(), NO_LAG, 1, waiting));
		return this;
	}

	TestObservations quiet(String name, Duration since) {
		this.quiet.add(new QuietLoop(1, name, 3, 42, this.now.minus(since)));
		return this;
	}

	TestObservations status(EventLoopStatus status) {
		this.judgement = new Judgement(status, "lag p99 312 ms over 10 s");
		return this;
	}

	TestObservations processCpu(double share) {
		this.processCpu = share;
		return this;
	}

	TestObservations paused(double share, double collecting) {
		this.paused = share;
		this.collecting = (long) (collecting * SECONDS * 1e9);
		return this;
	}

	TestObservations starved(Duration starved) {
		this.starved = starved.toNanos();
		return this;
	}

	TestObservations processors(int number) {
		this.processors = number;
		return this;
	}

	TestObservations startedAt(Instant instant) {
		this.startedAt = instant;
		return this;
	}

	TestObservations probed() {
		this.probed = true;
		return this;
	}

	TestObservations workerWait(String scheduler, Duration wait) {
		this.workers = Map.of(scheduler, wait);
		return this;
	}

	TestObservations pools(String... exhausted) {
		this.pools = List.of(exhausted);
		return this;
	}

	TestObservations unmeasured(String name, Thread.State state) {
		this.unmeasured = Map.of(name, state);
		return this;
	}

	TestObservations blocking(BlockingHotspot... calls) {
		this.blocking = List.of(calls);
		return this;
	}

	TestObservations detailsHidden() {
		this.detailsShown = false;
		return this;
	}

	Instant now() {
		return this.now;
	}

	Observations build() {
		EventLoopSnapshot snapshot = new EventLoopSnapshot(this.now, System.nanoTime(), Duration.ofSeconds(10), NO_LAG,
				0, new PauseTotals(0, 0), 0, 0, List.copyOf(this.loops.values()));
		EventLoopHistory history = new EventLoopHistory(new long[SECONDS], filled(0), filled(0), filled(0), filled(0),
				filled(0), filled(this.processCpu), filled(this.paused * 1e9), filled(0),
				List.copyOf(this.histories.values()));
		return new Observations(snapshot, history, this.stalls, Duration.ofMillis(100), this.judgement,
				HealthSettings.DEFAULT, this.collecting, this.starved, this.quiet, this.blocking,
				new ProcessFacts(this.processors, this.startedAt, this.probed, this.workers, this.pools,
						this.unmeasured),
				this.detailsShown);
	}

	List<Finding> find() {
		return Catalogue.find(build());
	}

	public List<String> ids() {
		return find().stream().map(Finding::id).toList();
	}

	private static float[] filled(double value) {
		float[] values = new float[SECONDS];
		Arrays.fill(values, (float) value);
		return values;
	}

	private LoopSnapshot loop(String name, Set<LoopRole> roles, boolean approximate, LoopState state, long busyNanos,
			Lag lag, double utilization, @Nullable Integer waiting) {
		return new LoopSnapshot(this.loops.size(), name, "group", roles, null, !roles.contains(LoopRole.MANAGEMENT),
				approximate, false, state, busyNanos, 0, lag, utilization, 0.0,
				new LoopSnapshot.Totals(0, 0, 0, 0, 0, 0, 0), new LoopSnapshot.Load(0, 10, 0, waiting));
	}

}
