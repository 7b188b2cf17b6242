package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the lag in {@link SliceEvent}, with a manual clock.
 */
class SliceEventTests {

	@TempDir
	private Path directory;

	@Test
	void whenStallCrossesSecondsShouldRecordElapsedAndThenRemainingTime() throws IOException {
		ManualMonitor time = new ManualMonitor();
		time.monitor().addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				SliceEvent.commit(second);
			}

		});
		ManualLoop loop = time.addLoop("test", "loop-1").start();
		try (Recording recording = new Recording()) {
			recording.enable(SliceEvent.NAME);
			recording.start();
			time.pass(Duration.ofMillis(860));
			loop.busy();
			time.pass(Duration.ofMillis(140));
			time.endSecond();
			time.pass(Duration.ofSeconds(1));
			time.endSecond();
			time.pass(Duration.ofMillis(90));
			loop.idle();
			time.pass(Duration.ofMillis(910));
			time.endSecond();
			Path file = this.directory.resolve("slices.jfr");
			recording.dump(file);
			List<RecordedEvent> slices = RecordingFile.readAllEvents(file);
			assertThat(slices).hasSize(3);
			assertLag(slices.get(0), 0, 130, 140);
			assertLag(slices.get(1), 640, 1130, 1140);
			// P(lag > x) = (90 ms - x) / 1 s
			assertLag(slices.get(2), 0, 80, 90);
		}
	}

	private static void assertLag(RecordedEvent slice, double p50Millis, double p99Millis, double maxMillis) {
		assertThat(slice.getLong("lagP50") / 1e6).isCloseTo(p50Millis, Percentage.withPercentage(1));
		assertThat(slice.getLong("lagP99") / 1e6).isCloseTo(p99Millis, Percentage.withPercentage(1));
		assertThat(slice.getLong("lagMax") / 1e6).isCloseTo(maxMillis, Percentage.withPercentage(1));
	}

}
