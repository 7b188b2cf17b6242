package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.monitor.internal.second.MonitorListeners;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MonitorListeners}, by the calls of an {@link EventLoopMonitor}.
 */
class MonitorListenersTests {

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopMonitor monitor = this.time.monitor();

	private final List<String> calls = new ArrayList<>();

	@Test
	void shouldCallPollersAfterListenersOfTheSameTick() {
		ManualLoop loop = this.time.addLoop("group", "loop").start();
		this.monitor.snapshot();
		this.monitor.addListener((LoopPoller) (now) -> record("poll", Long.MAX_VALUE));
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onLoops(List<MonitoredLoop> loops) {
				record("loops", 0);
			}

			@Override
			public void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
				record("stall ended", 0);
			}

		});
		loop.iteration(Duration.ofMillis(150));
		this.monitor.poll();
		assertThat(this.calls).containsExactly("stall ended", "loops", "poll");
		this.monitor.poll();
		assertThat(this.calls).containsExactly("stall ended", "loops", "poll", "poll");
	}

	@Test
	void whenPollerThrowsShouldCallTheOthersAndUseTheirTime() {
		this.monitor.addListener((LoopPoller) (now) -> {
			throw new LinkageError("expected by the test");
		});
		this.monitor.addListener((LoopPoller) (now) -> record("poll", TimeUnit.MILLISECONDS.toNanos(20)));
		this.monitor.addListener((LoopPoller) (now) -> record("poll", TimeUnit.MILLISECONDS.toNanos(30)));
		assertThat(this.monitor.poll()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
		assertThat(this.calls).hasSize(2);
	}

	@Test
	void shouldNotCallRemovedPoller() {
		LoopPoller poller = (now) -> record("poll", 0);
		this.monitor.addListener(poller);
		this.monitor.removeListener(poller);
		assertThat(this.monitor.poll()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(91));
		assertThat(this.calls).isEmpty();
	}

	private long record(String call, long result) {
		this.calls.add(call);
		return result;
	}

}
