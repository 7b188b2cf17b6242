package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

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
 * Tests for {@link FlightRecording} in a JVM that does not record. It is a JVM of its
 * own, because other tests start the recorder, which stays.
 */
class UnusedFlightRecorderTests {

	@Test
	void whenNothingIsRecordedShouldNotStartTheRecorder() throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Application.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
			.toList();
		assertThat(process.waitFor()).isZero();
		assertThat(output).containsExactly("started: false", "recorded: true");
	}

	/**
	 * Monitors an event loop, prints whether that has started the recorder, and whether
	 * events are recorded from then on.
	 */
	public static final class Application {

		private static final long SECONDS = 60;

		private Application() {
		}

		public static void main(String[] arguments) throws InterruptedException {
			MonitoredLoopResources resources = MonitoredLoopResources.builder("unrecorded").workerCount(1).build();
			EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
			StallDetector detector = new StallDetector(monitor, new StackReader(List.of()), StallSettings.DEFAULT);
			FlightRecording recording = new FlightRecording(monitor, detector);
			Seen seen = new Seen();
			resources.onServer(true).next().execute(() -> {
			});
			monitor.addSource(resources);
			detector.start();
			recording.start();
			// Registered last, so that what it has received would have been recorded.
			monitor.addListener(seen);
			detector.addListener(seen);
			monitor.start();
			seen.seconds.await(SECONDS, TimeUnit.SECONDS);
			resources.onServer(true).next().execute(() -> sleep(Duration.ofMillis(500)));
			boolean stalled = seen.stalls.await(SECONDS, TimeUnit.SECONDS);
			System.out.println("started: " + (!stalled || FlightRecorder.isInitialized()));
			CountDownLatch slices = new CountDownLatch(1);
			try (RecordingStream stream = new RecordingStream()) {
				stream.enable("io.github.eventloop.Slice");
				stream.onEvent("io.github.eventloop.Slice", (event) -> slices.countDown());
				stream.startAsync();
				System.out.println("recorded: " + slices.await(SECONDS, TimeUnit.SECONDS));
			}
			System.exit(0);
		}

		private static void sleep(Duration duration) {
			try {
				Thread.sleep(duration.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	private static final class Seen implements EventLoopListener, StallListener {

		private final CountDownLatch seconds = new CountDownLatch(2);

		private final CountDownLatch stalls = new CountDownLatch(1);

		@Override
		public void onSecond(EventLoopSecond second) {
			this.seconds.countDown();
		}

		@Override
		public void onStallEnded(Stall stall) {
			this.stalls.countDown();
		}

	}

}
