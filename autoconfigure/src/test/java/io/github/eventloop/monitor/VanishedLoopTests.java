package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for loops that are removed from an {@link EventLoopMonitor} while they stall.
 */
class VanishedLoopTests {

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT, this.time::now,
			(ports) -> this.time.connectionsWaiting);

	private final Source source = new Source();

	@ParameterizedTest
	@CsvSource({ "EXHAUSTED, 101, 1", "EXHAUSTED, 7300, 1", "EXHAUSTED, 99, 0", "NOT_LISTED, 450, 1",
			"NOT_LISTED, 20, 0", "TERMINATED, 3000, 1" })
	void shouldEndTheirStallsForEveryListener(Reason reason, long millis, int stalls) {
		ManualLoop loop = this.time.addLoop("group", "loop").start();
		this.source.loops.add(loop);
		this.monitor.addSource(this.source);
		Listener first = new Listener();
		Listener second = new Listener();
		this.monitor.addListener(first);
		this.monitor.addListener(second);
		this.monitor.poll();
		loop.busy();
		this.time.pass(Duration.ofMillis(millis));
		this.monitor.poll();
		assertThat(first.ended).isEmpty();
		switch (reason) {
			case EXHAUSTED -> this.source.close();
			case NOT_LISTED -> this.source.loops.clear();
			case TERMINATED -> {
				loop.terminated = true;
			}
		}
		// The removal is detected by any reader, before the listeners are called.
		this.monitor.snapshot();
		this.time.pass(Duration.ofMillis(30));
		this.monitor.poll();
		assertThat(first.ended).hasSize(stalls)
			.isEqualTo(second.ended)
			.allSatisfy((iteration) -> assertThat(iteration.nanos()).isEqualTo(Duration.ofMillis(millis).toNanos()));
		assertThat(this.monitor.snapshot().stalls()).isEqualTo(stalls);
		assertThat(this.monitor.snapshot().stallsInProgress()).isZero();
	}

	private enum Reason {

		EXHAUSTED, NOT_LISTED, TERMINATED

	}

	private static final class Listener implements EventLoopListener {

		private final List<LongIteration> ended = new ArrayList<>();

		@Override
		public void onStallEnded(MonitoredLoop loop, LongIteration iteration) {
			this.ended.add(iteration);
		}

	}

	private static final class Source implements LoopSource {

		private final List<MonitoredLoop> loops = new ArrayList<>();

		private boolean exhausted;

		void close() {
			this.exhausted = true;
			this.loops.clear();
		}

		@Override
		public Collection<MonitoredLoop> loops() {
			return this.loops;
		}

		@Override
		public boolean isExhausted() {
			return this.exhausted;
		}

	}

}
