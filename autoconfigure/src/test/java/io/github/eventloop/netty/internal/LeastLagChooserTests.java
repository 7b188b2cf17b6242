package io.github.eventloop.netty.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.Placement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeastLagChooser} with event loops that lag.
 */
class LeastLagChooserTests {

	private static final int LOOPS = 4;

	private final MonitoredLoopResources resources = MonitoredLoopResources.builder("test")
		.selectCount(-1)
		.workerCount(LOOPS)
		.placement(Placement.LEAST_LAG)
		.build();

	private final EventLoopGroup group = this.resources.onServer(true);

	private final List<EventLoop> loops = new ArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	@BeforeEach
	void start() {
		for (EventExecutor loop : this.group) {
			loop.submit(() -> {
			}).syncUninterruptibly();
			this.loops.add((EventLoop) loop);
		}
		// Wait until the lag caused by class loading does not count any more.
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> Collections.frequency(chosen(LOOPS).values(), 1) == LOOPS);
	}

	@AfterEach
	void dispose() {
		this.end.countDown();
		this.resources.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void whenNoLoopLagsShouldGoRoundRobin() {
		List<EventLoop> first = List.of(this.group.next(), this.group.next(), this.group.next(), this.group.next());
		assertThat(first).doesNotHaveDuplicates();
		for (int i = 0; i < 100; i++) {
			assertThat(this.group.next()).isSameAs(first.get(i % LOOPS));
		}
	}

	@Test
	void whenOneLoopIsBlockedShouldUseTheOthersEvenly() {
		EventLoop blocked = this.loops.get(1);
		block(blocked);
		assertThat(chosen(300)).doesNotContainKey(blocked)
			.hasSize(LOOPS - 1)
			.allSatisfy((loop, times) -> assertThat(times).isEqualTo(100));
	}

	@Test
	void whenAllLoopsAreBlockedShouldUseAllEvenly() {
		this.loops.forEach(this::block);
		// They are blocked one after the other: wait until that makes no difference.
		awaitBusy(this.loops.get(LOOPS - 1), Duration.ofSeconds(1));
		assertThat(chosen(400)).hasSize(LOOPS).allSatisfy((loop, times) -> assertThat(times).isBetween(90, 110));
	}

	@Test
	void whenLoopWasBlockedRepeatedlyShouldAvoidItWhileItIsIdle() {
		EventLoop lagging = this.loops.get(2);
		for (int i = 0; i < 5; i++) {
			lagging.submit(() -> LockSupport.parkNanos(Duration.ofMillis(150).toNanos())).syncUninterruptibly();
		}
		assertThat(chosen(300)).doesNotContainKey(lagging).hasSize(LOOPS - 1);
	}

	@Test
	void whenLoopHasRecoveredShouldUseItAgain() {
		EventLoop lagging = this.loops.get(3);
		block(lagging);
		// Long enough that its mean lag stays noticeable for a while after the end.
		awaitBusy(lagging, Duration.ofMillis(300));
		assertThat(chosen(30)).doesNotContainKey(lagging);
		this.end.countDown();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> chosen(LOOPS).containsKey(lagging));
	}

	private void block(EventLoop loop) {
		CountDownLatch blocked = new CountDownLatch(1);
		loop.execute(() -> {
			blocked.countDown();
			awaitEnd();
		});
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> blocked.getCount() == 0);
		// Wait until the lag is noticeable.
		awaitBusy(loop, Duration.ofMillis(50));
	}

	private static void awaitBusy(EventLoop loop, Duration duration) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> ((MonitoredEventLoop) loop).recorder().read().busyNanos() > duration.toNanos());
	}

	private void awaitEnd() {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Map<EventLoop, Integer> chosen(int times) {
		Map<EventLoop, Integer> chosen = new HashMap<>();
		for (int i = 0; i < times; i++) {
			chosen.merge(this.group.next(), 1, Integer::sum);
		}
		return chosen;
	}

}
