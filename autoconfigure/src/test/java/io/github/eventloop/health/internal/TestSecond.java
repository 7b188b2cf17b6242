package io.github.eventloop.health.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.Lag;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.PauseTotals;

/**
 * Builder of seconds as a monitor reports them.
 */
public final class TestSecond {

	private final Duration at;

	private Lag lag = Lag.NONE;

	private double utilization;

	private List<Long> pauses = List.of();

	private final List<LoopSnapshot> loops = new ArrayList<>();

	private TestSecond(Duration at) {
		this.at = at;
	}

	public static TestSecond at(long seconds) {
		return new TestSecond(Duration.ofSeconds(seconds));
	}

	public TestSecond lag(Duration p99) {
		this.lag = lag(Duration.ZERO, p99);
		return this;
	}

	public TestSecond utilization(double utilization) {
		this.utilization = utilization;
		return this;
	}

	public TestSecond pause(Duration pause) {
		this.pauses = List.of(pause.toNanos());
		return this;
	}

	public TestSecond loop(String name, LoopState state, Duration busy) {
		return loop(name, state, busy, LoopRole.SERVER, null);
	}

	/** Add a loop of a driver, with the lag of this second. */
	public TestSecond driver(String name, Duration busy, boolean counted, boolean approximate) {
		this.loops.add(new LoopSnapshot(this.loops.size(), name, "lettuce", Set.of(LoopRole.CLIENT, LoopRole.DRIVER),
				"lettuce", counted, approximate, false, busy.isZero() ? LoopState.IDLE : LoopState.STALLED,
				busy.toNanos(), 0, this.lag, 0, null, new LoopSnapshot.Totals(0, 0, 0, 0, 0, 0, 0),
				new LoopSnapshot.Load(0, 0, 0, null)));
		return this;
	}

	public TestSecond loop(String name, LoopState state, Duration busy, LoopRole role,
			@Nullable Integer connectionsWaiting) {
		this.loops.add(new LoopSnapshot(this.loops.size(), name, "reactor-http", Set.of(role), null,
				role != LoopRole.MANAGEMENT, false, false, state, busy.toNanos(),
				Math.min(busy.toNanos(), this.pauses.stream().mapToLong(Long::longValue).sum()), this.lag,
				this.utilization, null, new LoopSnapshot.Totals(0, 0, 0, 0, 0, 0, 0),
				new LoopSnapshot.Load(0, 0, 0, connectionsWaiting)));
		return this;
	}

	public EventLoopSecond build() {
		if (this.loops.isEmpty()) {
			loop("reactor-http-1", LoopState.IDLE, Duration.ZERO);
		}
		EventLoopSnapshot snapshot = new EventLoopSnapshot(Instant.EPOCH, this.at.toNanos(), Duration.ofSeconds(10),
				this.lag, this.utilization, PauseTotals.NONE, 0, 0, this.loops);
		return new EventLoopSecond(this.lag, this.lag, this.utilization, this.pauses, List.of(), snapshot);
	}

	static Lag lag(Duration p50, Duration p99) {
		return new Lag(p50.toNanos(), p50.toNanos(), p99.toNanos(), p99.toNanos(), p99.multipliedBy(2).toNanos());
	}

}
