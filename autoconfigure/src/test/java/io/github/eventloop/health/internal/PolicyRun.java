package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.Lag;

/**
 * Run of a {@link HealthPolicy} in simulated time, second by second. The lag over the
 * window is that of the worst second in it.
 */
public final class PolicyRun {

	private static final int WINDOW_SECONDS = 10;

	private static final String LOOP = "reactor-http-epoll-2";

	private final HealthPolicy policy;

	private final Deque<Lag> window = new ArrayDeque<>();

	// An arbitrary origin, as that of System.nanoTime().
	private Duration now = Duration.ofSeconds(-12_345);

	private Duration jitter = Duration.ZERO;

	private Judgement last = new Judgement(EventLoopStatus.HEALTHY, "not judged yet");

	private int secondsInService;

	private boolean ready = true;

	private @Nullable String slowStartReason;

	private long requests;

	/** Create a run without jitter: durations are as in the settings. */
	public PolicyRun(HealthSettings settings) {
		this(settings, () -> 0);
	}

	public PolicyRun(HealthSettings settings, DoubleSupplier random) {
		this(settings, random, null);
	}

	PolicyRun(HealthSettings settings, DoubleSupplier random, @Nullable Departures departures) {
		this(new HealthPolicy(settings, Duration.ofSeconds(WINDOW_SECONDS), random, departures, true));
	}

	private PolicyRun(HealthPolicy policy) {
		this.policy = policy;
	}

	/** Create a run of an application that never leaves service. */
	static PolicyRun withoutService(HealthSettings settings) {
		return new PolicyRun(new HealthPolicy(settings, Duration.ofSeconds(WINDOW_SECONDS), () -> 0, null, false));
	}

	/** Run until the first second after the grace period. */
	PolicyRun start() {
		do {
			lag(1);
		}
		while (this.last.status() == EventLoopStatus.STARTING);
		return this;
	}

	/** Run until the traffic of half a minute after the grace period is known. */
	PolicyRun settle() {
		start();
		return times(40, () -> lag(1));
	}

	/** Set whether the application has been ready, from now on. */
	PolicyRun ready(boolean ready) {
		this.ready = ready;
		return this;
	}

	/** Set the number of requests per second, from now on. */
	PolicyRun requests(long requests) {
		this.requests = requests;
		return this;
	}

	/** Set the slowStartReason of the busy loop, from now on. */
	PolicyRun slowStartReason(@Nullable String slowStartReason) {
		this.slowStartReason = slowStartReason;
		return this;
	}

	/** Set by how much every other second ends late, from now on. */
	PolicyRun jitter(Duration jitter) {
		this.jitter = jitter;
		return this;
	}

	public PolicyRun times(int times, Runnable action) {
		for (int i = 0; i < times; i++) {
			action.run();
		}
		return this;
	}

	/** Pause the process, or suspend the machine. */
	void pause(Duration duration) {
		this.now = this.now.plus(duration);
		this.window.clear();
	}

	Judgement noLoop() {
		return judge(Lag.NONE, 0, Duration.ZERO, false);
	}

	public Judgement lag(long p99Millis) {
		return lag(Duration.ZERO, Duration.ofMillis(p99Millis));
	}

	public Judgement lag(Duration p50, Duration p99) {
		return judge(TestSecond.lag(p50, p99), 0, Duration.ZERO, true);
	}

	Judgement utilization(double utilization) {
		return judge(Lag.NONE, utilization, Duration.ZERO, true);
	}

	public Judgement stuck(long millis) {
		return judge(Lag.NONE, 0, Duration.ofMillis(millis), true);
	}

	Judgement signal(EventLoopStatus status, String reason) {
		return judge(TestSecond.lag(Duration.ZERO, Duration.ofMillis(1)), 0, Duration.ZERO, true,
				new Judgement(status, reason));
	}

	Judgement judge(Lag lag, double utilization, Duration busyFor, boolean started, Judgement... signals) {
		this.now = this.now.plusSeconds(1);
		this.window.addLast(lag);
		if (this.window.size() > WINDOW_SECONDS) {
			this.window.removeFirst();
		}
		Duration at = (this.now.toSeconds() % 2 == 0) ? this.now.plus(this.jitter) : this.now;
		List<BusyLoop> busy = busyFor.isZero() ? List.of() : List.of(new BusyLoop(LOOP, busyFor, this.slowStartReason));
		this.last = this.policy.judge(new HealthInput(at, started, this.ready, lag, lag, utilization, this.requests,
				Duration.ofSeconds(WINDOW_SECONDS), worst(), busy, List.of(signals)));
		this.secondsInService += this.last.status().isInService() ? 1 : 0;
		return this.last;
	}

	private Lag worst() {
		return this.window.stream().max(Comparator.comparing(Lag::p99Nanos).thenComparing(Lag::p50Nanos)).orElseThrow();
	}

	Duration now() {
		return this.now;
	}

	HealthPolicy policy() {
		return this.policy;
	}

	public Judgement last() {
		return this.last;
	}

	int secondsInService() {
		return this.secondsInService;
	}

}
