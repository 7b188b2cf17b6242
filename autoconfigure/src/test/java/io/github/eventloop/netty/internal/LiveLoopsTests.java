package io.github.eventloop.netty.internal;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveLoops}.
 */
class LiveLoopsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@Test
	void shouldListLoopsUntilTheyTerminate() {
		MonitoredLoopResources one = MonitoredLoopResources.builder("live-one").workerCount(2).build();
		MonitoredLoopResources other = MonitoredLoopResources.builder("live-other").workerCount(1).build();
		one.onServer(true);
		other.onClient(false);
		assertThat(LiveLoops.loops()).containsAll(one.loops()).containsAll(other.loops());
		List<MonitoredLoop> ended = one.loops();
		assertThat(ended).hasSize(2);
		one.disposeLater(Duration.ZERO, TIMEOUT).block(TIMEOUT);
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(
					() -> assertThat(LiveLoops.loops()).doesNotContainAnyElementsOf(ended).containsAll(other.loops()));
		other.dispose();
	}

	@Test
	void shouldNotKeepUnusedLoops() {
		WeakReference<MonitoredLoop> loop = unusedLoop();
		Awaitility.await().atMost(TIMEOUT).until(() -> {
			System.gc();
			return loop.get() == null;
		});
	}

	private static WeakReference<MonitoredLoop> unusedLoop() {
		MonitoredLoopResources resources = MonitoredLoopResources.builder("live-unused").workerCount(1).build();
		resources.onServer(true);
		return new WeakReference<>(resources.loops().get(0));
	}

}
