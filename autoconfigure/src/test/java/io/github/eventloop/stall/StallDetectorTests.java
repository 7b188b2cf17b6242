package io.github.eventloop.stall;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StallDetector} with real event loops.
 */
class StallDetectorTests {

	private final StallRig rig = new StallRig(2);

	private final StallDetector detector = this.rig.detector;

	@AfterEach
	void close() {
		this.rig.close();
	}

	@Test
	void whenStallIsInProgressShouldShowIt() {
		CountDownLatch release = new CountDownLatch(1);
		this.rig.loop().execute(() -> await(release));
		Stall stall = Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.detector.stalls()
				.stream()
				.filter((each) -> each.samples().count() >= 3)
				.findFirst()
				.orElse(null), (found) -> found != null);
		assertThat(stall.inProgress()).isTrue();
		assertThat(stall.loop()).isEqualTo(this.rig.loop().name());
		assertThat(stall.group()).isEqualTo("rig");
		assertThat(stall.cause()).isEqualTo(StallCause.WAITING);
		assertThat(stall.code().culprit().methodName()).isEqualTo("await");
		assertThat(stall.duration()).isGreaterThan(Duration.ofMillis(100));
		assertThat(stall.samples().stack()).anyMatch((line) -> line.contains("StallDetectorTests.await("))
			.last()
			.asString()
			.endsWith("framework frames");
		assertThat(this.detector.stall(stall.id())).isPresent();
		assertThat(this.detector.hotspots()).singleElement()
			.satisfies((hotspot) -> assertThat(hotspot.count()).isEqualTo(1));
		assertThat(this.rig.monitor.snapshot().loop(stall.loop()).orElseThrow().state()).isEqualTo(LoopState.STALLED);
		assertThat(this.detector.stalls().get(0).duration()).isGreaterThan(stall.duration());
		StallChanges before = this.detector.changesSince(-1);
		assertThat(before.complete()).isTrue();
		assertThat(before.stalls()).hasSize(1);
		assertThat(this.detector.changesSince(before.position()).complete()).isFalse();
		assertThat(this.detector.changesSince(before.position()).stalls()).as("stall in progress").hasSize(1);
		this.detector.clear();
		assertThat(this.detector.stalls()).as("stalls in progress are kept").hasSize(1);
		assertThat(this.detector.changesSince(before.position()).complete()).as("history is cleared").isTrue();
		release.countDown();
		Stall ended = this.rig.takeEnded();
		assertThat(ended.id()).isEqualTo(stall.id());
		assertThat(ended.inProgress()).isFalse();
		assertThat(this.detector.stalls()).singleElement()
			.satisfies((each) -> assertThat(each.duration()).isEqualTo(ended.duration()));
		assertThat(this.detector.hotspots()).hasSize(1);
		StallChanges after = this.detector.changesSince(before.position());
		assertThat(after.stalls()).hasSize(1);
		assertThat(this.detector.changesSince(after.position()).isEmpty()).isTrue();
	}

	@Test
	void stallInProgressShouldHaveItsDurationAtTheInstantOfASnapshot() {
		CountDownLatch release = new CountDownLatch(1);
		this.rig.loop().execute(() -> await(release));
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !this.detector.stalls().isEmpty());
		long before = System.nanoTime();
		Duration first = this.detector.stalls().get(0).duration();
		long at = System.nanoTime();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.detector.stalls().get(0).duration().compareTo(first.plusMillis(300)) > 0);
		Duration then = this.detector.changesSince(-1, at).stalls().get(0).duration();
		assertThat(then).isBetween(first, first.plusNanos(at - before));
		assertThat(this.detector.hotspots(at).get(0).total()).isEqualTo(then);
		assertThat(this.detector.changesSince(-1, at - TimeUnit.HOURS.toNanos(1)).stalls().get(0).duration())
			.as("not a stall then")
			.isGreaterThan(first.plusMillis(300));
		release.countDown();
	}

	@Test
	void whenLoopWaitsForMonitorShouldNameItsOwner() {
		Stall stall = provokeWithOwner(Provocation.SYNCHRONIZED);
		assertThat(stall.cause()).isEqualTo(StallCause.LOCK);
		assertThat(stall.code().lockOwner().threadName()).isEqualTo("helper");
		assertThat(stall.code().lockOwner().at().className()).startsWith(Provocation.class.getName());
		assertThat(stall.summary()).contains(", held by helper at ");
	}

	@Test
	void whenLoopWaitsForLockShouldNameItsOwner() {
		assertThat(provokeWithOwner(Provocation.REENTRANT_LOCK).code().lockOwner().threadName()).isEqualTo("helper");
	}

	/** On a busy machine, most of the wait for a lock may be without a sample. */
	private Stall provokeWithOwner(Provocation provocation) {
		return Stream.generate(() -> {
			provocation.provoke(this.rig.loop(), 250);
			return this.rig.takeEnded();
		}).limit(20).filter((stall) -> stall.code().lockOwner() != null).findFirst().orElseThrow();
	}

	@Test
	void whenTwoLoopsStallShouldReportBoth() {
		this.rig.loops().forEach((loop) -> Provocation.SLEEP.provoke(loop, 250));
		assertThat(List.of(this.rig.takeEnded().loop(), this.rig.takeEnded().loop()))
			.containsExactlyInAnyOrder(this.rig.loops().get(0).name(), this.rig.loops().get(1).name());
		assertThat(this.detector.hotspots()).singleElement()
			.satisfies((hotspot) -> assertThat(hotspot.count()).isEqualTo(2));
	}

	@Test
	void whenLoopsHaveOneNameStallShouldHaveThatOfTheSnapshot() {
		MonitoredLoopResources same = MonitoredLoopResources.builder("rig").selectCount(1).workerCount(2).build();
		try {
			this.rig.monitor.addSource(same);
			for (int i = 0; i < 2; i++) {
				same.onServer(true).next().execute(() -> {
				});
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> same.loops().stream().allMatch((loop) -> loop.view().thread() != null));
			MonitoredLoop second = same.loops().get(0);
			MonitoredLoop first = this.rig.loops()
				.stream()
				.filter((loop) -> loop.name().equals(second.name()))
				.findFirst()
				.orElseThrow();
			Provocation.SLEEP.provoke(second, 250);
			assertThat(this.rig.takeEnded().loop()).isEqualTo(second.name() + "#2");
			Provocation.SLEEP.provoke(first, 250);
			assertThat(this.rig.takeEnded().loop()).isEqualTo(second.name());
		}
		finally {
			same.dispose();
		}
	}

	@Test
	void whenClearedShouldForgetEndedStalls() {
		Provocation.SLEEP.provoke(this.rig.loop(), 150);
		long first = this.rig.takeEnded().id();
		this.detector.clear();
		assertThat(this.detector.stalls()).isEmpty();
		assertThat(this.detector.hotspots()).isEmpty();
		assertThat(this.detector.stall(first)).isEmpty();
		Provocation.SLEEP.provoke(this.rig.loop(), 150);
		assertThat(this.rig.takeEnded().id()).isGreaterThan(first);
	}

	@Test
	void whenClearedWhileStallSettlesShouldReportItButNotKeepIt() {
		Provocation.SLEEP.provoke(this.rig.loop(), 150);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.detector.stalls().stream().anyMatch((stall) -> !stall.inProgress()));
		this.detector.clear();
		Stall reported = this.rig.takeEnded();
		assertThat(reported.cause()).isEqualTo(StallCause.SLEEPING);
		assertThat(this.detector.stalls()).isEmpty();
	}

	@Test
	void whenClosedShouldReportStallsThatHaveJustEnded() {
		Provocation.SLEEP.provoke(this.rig.loop(), 150);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.detector.stalls().stream().anyMatch((stall) -> !stall.inProgress()));
		this.detector.close();
		assertThat(this.rig.ended).hasSize(1);
	}

	@Test
	void whenListenerThrowsShouldNotifyTheOthers() {
		this.detector.addListener(new StallListener() {

			@Override
			public void onStallEnded(Stall stall) {
				throw new OutOfMemoryError("expected by the test");
			}

		});
		CountDownLatch notified = new CountDownLatch(2);
		this.detector.addListener(new StallListener() {

			@Override
			public void onStallEnded(Stall stall) {
				notified.countDown();
			}

		});
		Provocation.SLEEP.provoke(this.rig.loop(), 150);
		this.rig.takeEnded();
		Provocation.SLEEP.provoke(this.rig.loop(), 150);
		await(notified);
	}

	@Test
	void whenStallLastsShouldReduceSamplingRateAndReportTenTimesTheThreshold() {
		MonitorSettings sensitive = new MonitorSettings(Duration.ofSeconds(10), Duration.ofMinutes(1),
				Duration.ofMillis(20));
		StallSettings often = new StallSettings(Duration.ofMillis(1), Duration.ofMinutes(1));
		List<Stall> lasting = new CopyOnWriteArrayList<>();
		try (StallRig sensitiveRig = new StallRig(1, sensitive, often)) {
			sensitiveRig.detector.addListener(new StallListener() {

				@Override
				public void onStallInProgress(Stall stall) {
					lasting.add(stall);
				}

			});
			Provocation.SLEEP.provoke(sensitiveRig.loop(), 2_500);
			Stall stall = sensitiveRig.takeEnded();
			assertThat(stall.samples().count()).isBetween(5, 65);
			assertThat(stall.samples().stacks()).hasSizeLessThan(5);
		}
		assertThat(lasting).hasSize(2).allMatch(Stall::inProgress);
		assertThat(lasting.get(0).duration()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
		assertThat(lasting.get(1).duration()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void whenManyLoopsStallShouldSampleThemTogether() {
		try (StallRig many = new StallRig(6); ThreadDumps dumps = new ThreadDumps()) {
			CountDownLatch release = new CountDownLatch(1);
			many.loops().forEach((loop) -> loop.execute(() -> await(release)));
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> many.detector.stalls()
					.stream()
					.filter((stall) -> stall.samples().count() >= 15)
					.count() == 6);
			long safepoints = dumps.stop("eventloop-monitor");
			release.countDown();
			int samples = Stream.generate(many::takeEnded).limit(6).mapToInt((stall) -> stall.samples().count()).sum();
			assertThat(safepoints).isBetween(1L, samples / 3L);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
