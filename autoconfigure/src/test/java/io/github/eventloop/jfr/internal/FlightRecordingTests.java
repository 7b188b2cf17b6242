package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link FlightRecording} with real recordings of real event loops.
 */
class FlightRecordingTests {

	private final MonitoredLoopResources resources = MonitoredLoopResources.builder("recorded")
		.selectCount(1)
		.workerCount(2)
		.build();

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final StallDetector detector = new StallDetector(this.monitor,
			new StackReader(List.of("io.github.eventloop.jfr")), StallSettings.DEFAULT);

	private final FlightRecording flightRecording = new FlightRecording(this.monitor, this.detector);

	/** Registered last, so that what it has received has been recorded. */
	private final Collector collector = new Collector();

	private final Recording recording = new Recording();

	@TempDir
	private Path directory;

	private MonitoredLoop loop;

	@BeforeEach
	void start() {
		this.resources.onServer(true).next().execute(() -> {
		});
		this.monitor.addSource(this.resources);
		this.detector.start();
		this.flightRecording.start();
		this.monitor.addListener(this.collector);
		this.detector.addListener(this.collector);
		this.monitor.start();
		this.loop = this.resources.loops().get(0);
	}

	@AfterEach
	void stop() {
		this.recording.close();
		this.flightRecording.close();
		this.detector.close();
		this.monitor.close();
		this.resources.dispose();
	}

	@Test
	void shouldRecordAllFieldsOfStall() throws IOException {
		this.recording.start();
		Instant before = Instant.now();
		Stall stall = provoke(() -> stall("/orders/{id}"));
		RecordedEvent event = event(stall);
		assertThat(event.getLong("id")).isEqualTo(stall.id());
		assertThat(event.getString("loop")).isEqualTo(this.loop.name());
		assertThat(event.getString("group")).isEqualTo("recorded");
		assertThat(event.getInstant("stallStart")).isBetween(before.minusMillis(50), Instant.now().minusMillis(300));
		assertThat(event.getDuration("stallDuration")).isEqualTo(stall.duration())
			.isGreaterThan(Duration.ofMillis(300));
		assertThat(event.getString("cause")).isEqualTo("SLEEPING");
		assertThat(event.getString("culprit")).matches(
				"io\\.github\\.eventloop\\.jfr\\.internal\\.FlightRecordingTests\\.sleep\\(FlightRecordingTests\\.java:\\d+\\)");
		assertThat(event.getString("lockOwner")).isNull();
		assertThat(event.getString("lockOwnerAt")).isNull();
		assertThat(event.getString("route")).isEqualTo("/orders/{id}");
		assertThat(event.getString("traceId")).isEqualTo("4bf92f3577b34da6");
		assertThat(event.getInt("inFlightRequests")).isOne();
		assertThat(event.getDuration("cpuTime")).isEqualTo(Duration.ofNanos(stall.times().cpuNanos()))
			.isLessThan(stall.duration());
		assertThat(event.getDuration("gcTime")).isEqualTo(Duration.ofNanos(stall.times().gcNanos()));
		assertThat(event.getLong("events")).isEqualTo(stall.work().events());
		assertThat(event.getLong("tasksStarted")).isEqualTo(stall.work().tasksStarted()).isPositive();
		assertThat(event.getInt("samples")).isEqualTo(stall.samples().count()).isPositive();
		assertThat(event.getString("advice")).isEqualTo(stall.advice());
		assertThat(event.getString("stack").lines()).containsExactlyElementsOf(stall.samples().stack())
			.anyMatch((line) -> line.contains("FlightRecordingTests.sleep"));
	}

	@Test
	void whenLoopWaitsForALockShouldRecordItsOwner() throws IOException {
		this.recording.start();
		RecordedEvent event = event(provoke(this::waitForLock));
		assertThat(event.getString("cause")).isEqualTo("LOCK");
		assertThat(event.getString("lockOwner")).isEqualTo("lock-owner");
		assertThat(event.getString("lockOwnerAt")).contains("FlightRecordingTests.hold(");
		assertThat(event.getString("route")).isNull();
		assertThat(event.getString("traceId")).isNull();
	}

	@Test
	void shouldRecordEveryLoopEverySecond() throws IOException {
		this.recording.start();
		stall("/");
		awaitStall();
		awaitSeconds(3);
		List<RecordedEvent> events = events(SliceEvent.NAME);
		assertThat(events).hasSizeGreaterThanOrEqualTo(3)
			.allSatisfy((event) -> assertThat(event.getString("loop")).isEqualTo(this.loop.name()));
		// Not by lag, because a pause of the process on a busy machine may be longer.
		RecordedEvent worst = events.stream()
			.max((one, other) -> Double.compare(one.getDouble("utilization"), other.getDouble("utilization")))
			.orElseThrow();
		assertThat(worst.getString("group")).isEqualTo("recorded");
		// A stall may be split between two seconds.
		assertThat(worst.getDuration("lagMax")).isBetween(Duration.ofMillis(100), Duration.ofSeconds(30));
		assertThat(worst.getDuration("lagP99")).isBetween(Duration.ofMillis(50), worst.getDuration("lagMax"));
		assertThat(worst.getDuration("lagP50")).isLessThanOrEqualTo(worst.getDuration("lagP99"));
		assertThat(worst.getDouble("utilization")).isBetween(0.05, 1.0);
		assertThat(worst.getDouble("cpuUtilization")).isBetween(0.0, worst.getDouble("utilization"));
		assertThat(worst.getInt("channels")).isZero();
		assertThat(events.get(events.size() - 1).getDouble("utilization")).isLessThan(0.5);
	}

	@Test
	void sliceShouldMatchSecondOfListeners() throws IOException {
		this.recording.start();
		this.loop.execute(() -> ((MonitoredThread) Thread.currentThread()).recorder().requestStarted());
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.loop.inFlightRequests() == 1);
		awaitSeconds(this.collector.seconds.size() + 1);
		// No more seconds, so that the last one is the same in both lists. The first may
		// have ended before the recording started.
		this.monitor.close();
		List<RecordedEvent> events = events(SliceEvent.NAME);
		LoopSecond second = this.collector.seconds.get(this.collector.seconds.size() - 1).loops().get(0);
		RecordedEvent event = events.get(events.size() - 1);
		assertThat(event.getLong("lagP50")).isEqualTo(second.lag().p50Nanos());
		assertThat(event.getLong("lagP99")).isEqualTo(second.lag().p99Nanos());
		assertThat(event.getLong("lagMax")).isEqualTo(second.lag().maxNanos());
		assertThat(event.getDouble("utilization")).isEqualTo(second.utilization());
		assertThat(second.cpuUtilization()).isNotNull();
		assertThat(event.getDouble("cpuUtilization")).isCloseTo(second.cpuUtilization(), Offset.offset(0.0));
		assertThat(event.getInt("inFlightRequests")).isOne();
		assertThat(event.getInt("pendingTasks")).isZero();
	}

	@Test
	void whenNothingIsRecordedShouldNotReadValues() {
		StallEvent.commit((Stall) null);
		SliceEvent.commit((EventLoopSecond) null);
	}

	@Test
	void whenEventsAreDisabledShouldNotReadValues() {
		this.recording.disable(StallEvent.NAME);
		this.recording.disable(SliceEvent.NAME);
		this.recording.start();
		StallEvent.commit((Stall) null);
		SliceEvent.commit((EventLoopSecond) null);
	}

	@Test
	void whenEventsAreEnabledShouldReadValues() {
		this.recording.start();
		assertThatNullPointerException().isThrownBy(() -> StallEvent.commit((Stall) null));
		assertThatNullPointerException().isThrownBy(() -> SliceEvent.commit((EventLoopSecond) null));
	}

	@Test
	void whenClosedShouldNotRecord() throws IOException {
		this.recording.start();
		this.flightRecording.close();
		stall("/");
		awaitStall();
		awaitSeconds(1);
		assertThat(events(StallEvent.NAME)).isEmpty();
		assertThat(events(SliceEvent.NAME)).isEmpty();
	}

	private void stall(String route) {
		this.loop.execute(() -> {
			LoopRecorder recorder = ((MonitoredThread) Thread.currentThread()).recorder();
			recorder.requestStarted();
			ExecutingRequest before = recorder.execute(new Request(route));
			sleep(300);
			recorder.execute(before);
			recorder.requestEnded();
		});
	}

	private void waitForLock() {
		Object lock = new Object();
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(1);
		Thread owner = new Thread(() -> {
			synchronized (lock) {
				held.countDown();
				hold();
			}
		}, "lock-owner");
		owner.start();
		await(held);
		this.loop.execute(() -> {
			synchronized (lock) {
				done.countDown();
			}
		});
		await(done);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Tries repeatedly, because a stall may not be sampled on a busy machine. */
	private Stall provoke(Runnable stall) {
		for (int attempt = 0; attempt < 5; attempt++) {
			this.collector.stall = null;
			stall.run();
			if (awaitStall().samples().count() > 1) {
				break;
			}
		}
		return this.collector.stall;
	}

	private RecordedEvent event(Stall stall) throws IOException {
		return events(StallEvent.NAME).stream()
			.filter((event) -> event.getLong("id") == stall.id())
			.findFirst()
			.orElseThrow();
	}

	private Stall awaitStall() {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.collector.stall != null);
		return this.collector.stall;
	}

	private void awaitSeconds(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.collector.seconds.size() >= count);
	}

	private List<RecordedEvent> events(String name) throws IOException {
		Path file = this.directory.resolve(name + ".jfr");
		this.recording.dump(file);
		return RecordingFile.readAllEvents(file)
			.stream()
			.filter((event) -> event.getEventType().getName().equals(name))
			.toList();
	}

	/**
	 * A separate method, because JDK 17 may lose a text that an earlier recording of the
	 * process contained, too.
	 */
	private static void hold() {
		try {
			TimeUnit.MILLISECONDS.sleep(400);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void sleep(long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Request(String route) implements ExecutingRequest {

		@Override
		public @Nullable String traceId() {
			return "4bf92f3577b34da6";
		}

		@Override
		public void stalled(String description) {
		}

	}

	/**
	 * Collects what is recorded.
	 */
	private static final class Collector implements EventLoopListener, StallListener {

		private final List<EventLoopSecond> seconds = new CopyOnWriteArrayList<>();

		private volatile @Nullable Stall stall;

		@Override
		public void onSecond(EventLoopSecond second) {
			this.seconds.add(second);
		}

		@Override
		public void onStallEnded(Stall stall) {
			this.stall = stall;
		}

	}

}
