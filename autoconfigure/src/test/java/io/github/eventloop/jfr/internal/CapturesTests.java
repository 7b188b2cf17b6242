package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallListener;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Captures} with real recordings.
 */
@ExtendWith(OutputCaptureExtension.class)
class CapturesTests {

	private static final Duration NO_AFTERMATH = Duration.ZERO;

	/** Long, so that a busy machine does not cause such a stall. */
	private static final Duration STALL_THRESHOLD = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofHours(1);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final StallDetector detector = new StallDetector(this.monitor,
			new StackReader(List.of("io.github.eventloop.jfr")), StallSettings.DEFAULT);

	/** Read by the capture thread. */
	private volatile Instant now = Instant.now();

	private final InstantSource clock = () -> this.now;

	@TempDir
	private Path parent;

	private Captures captures;

	@AfterEach
	void stop() {
		if (this.captures != null) {
			this.captures.close();
		}
		this.detector.close();
		this.monitor.close();
	}

	@Test
	void whenLoopStallsShouldWriteWhatLedToItAndWhatFollowed() throws IOException {
		MonitoredLoopResources resources = MonitoredLoopResources.builder("captured").workerCount(1).build();
		try (FlightRecording events = new FlightRecording(this.monitor, this.detector)) {
			this.monitor.addSource(resources);
			this.detector.start();
			events.start();
			this.monitor.start();
			start(Duration.ofSeconds(2));
			resources.onServer(true).next().execute(() -> sleep(50));
			await().until(() -> recording() != null);
			Seconds seconds = new Seconds();
			this.monitor.addListener(seconds);
			await().until(() -> seconds.count.get() >= 2);
			resources.onServer(true).next().execute(() -> sleep(2500));
			CaptureFile file = awaitFiles(1).get(0);
			assertThat(file.trigger()).isEqualTo(CaptureTrigger.STALL);
			List<RecordedEvent> recorded = read(file);
			RecordedEvent stall = recorded.stream()
				.filter((event) -> event.getEventType().getName().equals(StallEvent.NAME))
				.filter((event) -> event.getDuration("stallDuration").compareTo(STALL_THRESHOLD) >= 0)
				.findFirst()
				.orElseThrow();
			assertThat(stall.getString("culprit")).contains("CapturesTests.sleep");
			List<Instant> ends = recorded.stream()
				.filter((event) -> event.getEventType().getName().equals(SliceEvent.NAME))
				.map(RecordedEvent::getStartTime)
				.toList();
			assertThat(ends).anyMatch((end) -> end.isBefore(stall.getInstant("stallStart")))
				.anyMatch((end) -> end.isAfter(stall.getStartTime().plusMillis(500)));
			assertThat(recorded).filteredOn((event) -> event.getEventType().getName().equals("jdk.ThreadSleep"))
				.anyMatch((event) -> isOf(event.getThread(), "captured")
						&& event.getDuration().compareTo(STALL_THRESHOLD) >= 0 && event.getStackTrace() != null);
			assertThat(recorded).extracting((event) -> event.getEventType().getName())
				.doesNotContain("jdk.InitialSystemProperty", "jdk.InitialEnvironmentVariable", "jdk.SystemProcess",
						"jdk.JVMInformation");
		}
		finally {
			resources.dispose();
		}
	}

	@Test
	void whenLoopIsStillStuckShouldContainItsStack() throws IOException {
		start(NO_AFTERMATH);
		Thread stuck = new Thread(() -> sleep(60_000), "stuck-loop");
		stuck.setDaemon(true);
		stuck.start();
		this.captures.trigger(CaptureTrigger.STUCK);
		CaptureFile file = awaitFiles(1).get(0);
		assertThat(file.trigger()).isEqualTo(CaptureTrigger.STUCK);
		assertThat(read(file)).filteredOn((event) -> event.getEventType().getName().equals("jdk.ThreadDump"))
			.extracting((event) -> event.getString("result"))
			.anyMatch((dump) -> dump.contains("\"stuck-loop\"") && dump.contains("CapturesTests.sleep"));
		stuck.interrupt();
	}

	@Test
	void whenStatusFlipsShouldWriteOncePerTenMinutes() {
		start(NO_AFTERMATH);
		this.captures.trigger(CaptureTrigger.OVERLOADED);
		awaitFiles(1);
		for (int i = 0; i < 20; i++) {
			this.captures.trigger((i % 2 == 0) ? CaptureTrigger.STUCK : CaptureTrigger.OVERLOADED);
			this.now = this.now.plusSeconds(20);
			awaitIdle();
		}
		assertThat(files().list()).hasSize(1);
		this.now = this.now.plus(CaptureFiles.INTERVAL);
		this.captures.trigger(CaptureTrigger.STUCK);
		assertThat(awaitFiles(2).get(0).trigger()).isEqualTo(CaptureTrigger.STUCK);
	}

	@Test
	void whenFileIsInPlaceOfDirectoryShouldLogAndTryAgainLater(CapturedOutput output) throws IOException {
		Files.writeString(directory(), "a file");
		start(NO_AFTERMATH);
		this.captures.trigger(CaptureTrigger.STUCK);
		await().until(() -> output.getOut().contains("Failed to write a flight recording to " + directory()));
		Files.delete(directory());
		this.captures.trigger(CaptureTrigger.STUCK);
		awaitIdle();
		assertThat(files().list()).isEmpty();
		this.now = this.now.plus(CaptureFiles.INTERVAL);
		this.captures.trigger(CaptureTrigger.STUCK);
		awaitFiles(1);
	}

	@Test
	void whenClosedDuringAftermathShouldWriteWhatThereIs() throws IOException {
		start(LONG);
		await().until(() -> recording() != null);
		this.captures.trigger(CaptureTrigger.STUCK);
		await().until(() -> thread().getState() == Thread.State.TIMED_WAITING);
		this.captures.close();
		assertThat(files().list()).hasSize(1);
		assertThat(read(files().list().get(0))).isNotEmpty();
		assertThat(recording()).isNull();
		assertThat(thread()).isNull();
	}

	@Test
	void whenTwoContextsHaveTheSameTriggerShouldWriteOneFile() {
		start(NO_AFTERMATH);
		try (Captures other = new Captures(this.detector, LONG, files(), this.clock, NO_AFTERMATH)) {
			other.start();
			this.captures.trigger(CaptureTrigger.STUCK);
			other.trigger(CaptureTrigger.STUCK);
			awaitFiles(1);
		}
		this.captures.close();
		assertThat(files().list()).hasSize(1);
	}

	@Test
	void whenRecordingIsStoppedFromOutsideShouldStartAnother() throws IOException {
		start(NO_AFTERMATH);
		await().until(() -> recording() != null);
		recording().close();
		this.captures.trigger(CaptureTrigger.STUCK);
		assertThat(read(awaitFiles(1).get(0))).isNotEmpty();
		assertThat(recording()).isNotNull();
	}

	@Test
	void whenRecordingIsOldShouldStartAnother() {
		start(NO_AFTERMATH);
		await().until(() -> recording() != null);
		long first = recording().getId();
		this.now = this.now.plus(CaptureRecording.MAX_AGE).plusMillis(1);
		this.captures.trigger(CaptureTrigger.STUCK);
		awaitFiles(1);
		assertThat(recording().getId()).isNotEqualTo(first);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			-Xmx1g                                                                 |
			-XX:FlightRecorderOptions=stackdepth=128                               |
			-XX:FlightRecorderOptions=repository=/data/jfr                         | /data/jfr
			-XX:FlightRecorderOptions:stackdepth=128,repository=/data/jfr,samplethreads=true | /data/jfr
			-Dname=-XX:FlightRecorderOptions=repository=/data/jfr                  |
			""")
	void repositoryShouldBeTheConfiguredOne(String argument, String repository) {
		assertThat(CaptureRecording.configuredRepository(List.of("-ea", argument)))
			.isEqualTo(Path.of((repository != null) ? repository : System.getProperty("java.io.tmpdir")));
	}

	@Test
	void whenRecordingWasWrittenRepositoryShouldBeThatOfFlightRecorder() {
		start(NO_AFTERMATH);
		this.captures.trigger(CaptureTrigger.STUCK);
		awaitFiles(1);
		assertThat(CaptureRecording.repository()).isDirectory()
			.isNotEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
	}

	@Test
	void whenStallIsShortShouldNotWrite() {
		this.captures = new Captures(this.detector, LONG, files(), this.clock, NO_AFTERMATH);
		MonitoredLoopResources resources = MonitoredLoopResources.builder("short").workerCount(1).build();
		try {
			this.monitor.addSource(resources);
			this.detector.start();
			this.captures.start();
			// Registered last, so that the captures have received what it has received.
			AtomicInteger stalls = new AtomicInteger();
			this.detector.addListener(new StallListener() {

				@Override
				public void onStallEnded(Stall stall) {
					stalls.incrementAndGet();
				}

			});
			this.monitor.start();
			resources.onServer(true).next().execute(() -> sleep(300));
			await().until(() -> stalls.get() > 0);
			this.captures.close();
			assertThat(files().list()).isEmpty();
		}
		finally {
			resources.dispose();
		}
	}

	/**
	 * Events of other tests may be of threads that have ended, which are not recorded.
	 */
	private static boolean isOf(RecordedThread thread, String prefix) {
		return thread != null && thread.getJavaName() != null && thread.getJavaName().startsWith(prefix);
	}

	private void start(Duration aftermath) {
		this.captures = new Captures(this.detector, STALL_THRESHOLD, files(), this.clock, aftermath);
		this.captures.start();
	}

	private Path directory() {
		return this.parent.resolve("captures");
	}

	private CaptureFiles files() {
		return new CaptureFiles(directory());
	}

	private List<CaptureFile> awaitFiles(int count) {
		await().until(() -> files().list().size() == count);
		return files().list();
	}

	/** Wait until the capture thread has handled the trigger, if there was one. */
	private void awaitIdle() {
		await().until(() -> this.captures.isIdle() && LockSupport.getBlocker(thread()) == this.captures);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
	}

	private static Recording recording() {
		return FlightRecorder.getFlightRecorder()
			.getRecordings()
			.stream()
			.filter((each) -> each.getName().equals(CaptureRecording.NAME) && each.getState() == RecordingState.RUNNING)
			.findFirst()
			.orElse(null);
	}

	private static Thread thread() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((each) -> each.getName().equals("eventloop-capture"))
			.findFirst()
			.orElse(null);
	}

	private List<RecordedEvent> read(CaptureFile file) throws IOException {
		return RecordingFile.readAllEvents(directory().resolve(file.name()));
	}

	private static void sleep(long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static final class Seconds implements EventLoopListener {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void onSecond(EventLoopSecond second) {
			this.count.incrementAndGet();
		}

	}

}
