package io.github.eventloop.monitor.internal.pause;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.internal.pause.GarbageCollections.Collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Tests for {@link GarbageCollections}, with the collectors of this JVM.
 */
class GarbageCollectionsTests {

	private static final int COLLECTIONS = 10;

	private final Pauses pauses = new Pauses();

	private final GarbageCollections collections = new GarbageCollections(this.pauses);

	/** Objects that make a collection take long enough to be reported. */
	private final List<int[]> retained = new ArrayList<>();

	@BeforeEach
	void open() {
		for (int i = 0; i < 500_000; i++) {
			this.retained.add(new int[16]);
		}
		this.collections.open();
	}

	@AfterEach
	void close() {
		this.collections.close();
		assertThat(this.retained).hasSize(500_000);
	}

	@Test
	void whenCollectionHasEndedShouldKnowItAtOnce() {
		for (int i = 0; i < COLLECTIONS; i++) {
			long before = collectionMillis();
			System.gc();
			long took = collectionMillis() - before;
			assertThat(this.collections.within(System.nanoTime() - Duration.ofSeconds(60).toNanos(), System.nanoTime()))
				.as("of the last %d ms", took)
				.isPositive();
			discardAll();
		}
	}

	@Test
	void whenPolledCollectionIsNotifiedShouldCountItOnce() {
		long before = collectionMillis();
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
			this.collections.catchUp();
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(this.collections::isUpToDate);
		assertThat(reportedMillis()).isCloseTo(collectionMillis() - before, withinPercentage(50));
	}

	@Test
	void whenNotPolledShouldReceiveNotifications() {
		long before = collectionMillis();
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(this.collections::isUpToDate);
		assertThat(reportedMillis()).isCloseTo(collectionMillis() - before, withinPercentage(50));
	}

	@Test
	void whenCollectionWasPolledNotificationShouldNotBeNew() {
		List<Collector> collectors = ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)
			.stream()
			.map(Collector::new)
			.toList();
		System.gc();
		Map<Collector, Long> last = new HashMap<>();
		for (Collector collector : collectors) {
			GcInfo info = collector.poll();
			if (info != null) {
				last.put(collector, info.getId());
			}
		}
		assertThat(last).isNotEmpty().allSatisfy((collector, number) -> {
			assertThat(collector.onNotification(number)).isFalse();
			assertThat(collector.isUpToDate()).isTrue();
			assertThat(collector.onNotification(number + 1)).isTrue();
			assertThat(collector.onNotification(number + 1)).isFalse();
		});
	}

	@Test
	void whenClosedShouldReceiveNoNotifications() {
		this.collections.close();
		System.gc();
		this.collections.catchUp();
		assertThat(this.pauses.pending()).isEmpty();
		assertThat(this.collections.isUpToDate()).isTrue();
	}

	@Test
	void cyclesOfConcurrentCollectorsShouldNotBePauses() {
		assertThat(List.of("G1 Young Generation", "G1 Old Generation", "G1 Concurrent GC", "ZGC Pauses",
				"ZGC Major Pauses", "Shenandoah Pauses", "PS MarkSweep", "Copy"))
			.allMatch(GarbageCollections::isStopTheWorld);
		assertThat(List.of("ZGC Cycles", "ZGC Minor Cycles", "Shenandoah Cycles"))
			.noneMatch(GarbageCollections::isStopTheWorld);
	}

	private void discardAll() {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(this.collections::isUpToDate);
		this.collections.forget(System.nanoTime() + Duration.ofSeconds(60).toNanos());
	}

	private long reportedMillis() {
		return TimeUnit.NANOSECONDS.toMillis(LongStream.of(this.pauses.pending()).sum());
	}

	private static long collectionMillis() {
		return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class)
			.stream()
			.filter((collector) -> GarbageCollections.isStopTheWorld(collector.getName()))
			.mapToLong(GarbageCollectorMXBean::getCollectionTime)
			.sum();
	}

}
