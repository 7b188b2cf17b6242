package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
 * own, because other tests load the recorder.
 */
class UnusedFlightRecorderTests {

	@Test
	void whenNothingIsRecordedShouldNotLoadTheRecorder() throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xlog:class+load", "-cp", System.getProperty("java.class.path"), Application.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
			.toList();
		assertThat(process.waitFor()).isZero();
		assertThat(output).contains(Application.UNRECORDED, Application.RECORDED);
		List<String> unrecorded = output.subList(0, output.indexOf(Application.UNRECORDED));
		assertThat(unrecorded).anyMatch((line) -> line.contains(" io.github.eventloop.jfr.internal.FlightRecording "));
		assertThat(unrecorded).filteredOn((line) -> line.contains(" jdk.jfr."))
			.as("classes of the recorder")
			.hasSizeLessThan(40);
	}

	/**
	 * Monitors an event loop for some seconds and a stall, and then records it.
	 */
	public static final class Application {

		static final String UNRECORDED = "Nothing was recorded.";

		static final String RECORDED = "A second was recorded.";

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
			if (seen.stalls.await(SECONDS, TimeUnit.SECONDS)) {
				System.out.println(UNRECORDED);
			}
			CountDownLatch slices = new CountDownLatch(1);
			try (RecordingStream stream = new RecordingStream()) {
				stream.enable("io.github.eventloop.Slice");
				stream.onEvent("io.github.eventloop.Slice", (event) -> slices.countDown());
				stream.startAsync();
				if (slices.await(SECONDS, TimeUnit.SECONDS)) {
					System.out.println(RECORDED);
				}
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
