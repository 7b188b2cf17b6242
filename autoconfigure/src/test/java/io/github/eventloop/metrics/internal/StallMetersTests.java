package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallMeters}.
 */
class StallMetersTests {

	private final ManualMonitor time = new ManualMonitor();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final StallMeters meters = new StallMeters(this.registry);

	@Test
	void shouldRecordDurationOfEachStall() {
		this.meters.record(stall("first", StallCause.SLEEPING, 300));
		this.meters.record(stall("first", StallCause.SLEEPING, 500));
		this.meters.record(stall("first", StallCause.LOCK, 200));
		this.meters.record(stall("second", StallCause.SLEEPING, 100));
		Timer sleeping = timer("first", StallCause.SLEEPING);
		assertThat(sleeping.count()).isEqualTo(2);
		assertThat(sleeping.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(800);
		assertThat(sleeping.max(TimeUnit.MILLISECONDS)).isEqualTo(500);
		assertThat(timer("first", StallCause.LOCK).count()).isEqualTo(1);
		assertThat(timer("second", StallCause.SLEEPING).count()).isEqualTo(1);
	}

	@Test
	void shouldRegisterAllCausesBeforeTheFirstStall() {
		this.time.addLoop("first", "loop-1").start();
		update();
		for (StallCause cause : StallCause.values()) {
			assertThat(timer("first", cause).count()).as(cause.name()).isZero();
		}
	}

	@Test
	void shouldShowNumberOfStalledLoops() {
		ManualLoop stuck = this.time.addLoop("first", "loop-1").start();
		this.time.addLoop("first", "loop-2").start();
		this.time.addLoop("second", "loop-3").start();
		update();
		assertThat(inProgress("first")).isZero();
		stuck.busy();
		this.time.pass(Duration.ofSeconds(5));
		update();
		assertThat(inProgress("first")).isOne();
		assertThat(inProgress("second")).isZero();
		stuck.idle();
		update();
		assertThat(inProgress("first")).isZero();
	}

	@Test
	void whenGroupHasNoLoopsShouldRemoveItsMeters() {
		ManualLoop loop = this.time.addLoop("first", "loop-1").start();
		update();
		loop.terminate();
		update();
		assertThat(this.registry.find("eventloop.stalls").timers()).isEmpty();
		assertThat(this.registry.find("eventloop.stalls.in.progress").gauges()).isEmpty();
		this.meters.record(stall("first", StallCause.LOCK, 200));
		update();
		assertThat(this.registry.find("eventloop.stalls").timers()).isEmpty();
		this.time.addLoop("first", "loop-2").start();
		update();
		assertThat(timer("first", StallCause.LOCK).count()).isZero();
		assertThat(inProgress("first")).isZero();
	}

	@Test
	void removeShouldRemoveAllMeters() {
		this.time.addLoop("first", "loop-1").start();
		update();
		this.meters.record(stall("second", StallCause.GC, 100));
		assertThat(this.registry.getMeters()).isNotEmpty();
		this.meters.remove();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	private void update() {
		this.meters.update(this.time.monitor().snapshot().loops());
	}

	private Timer timer(String group, StallCause cause) {
		return this.registry.get("eventloop.stalls")
			.tag("group", group)
			.tag("cause", cause.name().toLowerCase(Locale.ROOT))
			.timer();
	}

	private double inProgress(String group) {
		return this.registry.get("eventloop.stalls.in.progress").tag("group", group).gauge().value();
	}

	private static Stall stall(String group, StallCause cause, long millis) {
		return new Stall(1, "loop-1", group, null, Instant.EPOCH, Duration.ofMillis(millis), false, cause,
				new Stall.Code(null, null, null, null), new Stall.Requests(null, null, null, null, 0),
				new Stall.Times(0, 0, 0, null), new Stall.Work(0, 1, false), new Stall.Samples(1, List.of(), List.of()),
				"");
	}

}
