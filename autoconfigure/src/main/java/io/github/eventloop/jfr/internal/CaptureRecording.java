package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;

/**
 * A flight recording in memory. Flight Recorder keeps the newest 10 MB of events by
 * default, and replaces the oldest. Not on disk: the JVM exits if Flight Recorder fails
 * to write because a disk is full.
 * <p>
 * Not thread-safe.
 */
final class CaptureRecording implements AutoCloseable {

	static final String NAME = "eventloop-capture";

	/**
	 * A new recording is started after this time, because Flight Recorder keeps the
	 * stacks that it has recorded until then.
	 */
	static final Duration MAX_AGE = Duration.ofHours(1);

	/** How long what was written is kept on disk. */
	private static final Duration WRITTEN_MAX_AGE = Duration.ofSeconds(60);

	/** Applies if another recording makes Flight Recorder write to disk. */
	private static final long MAX_SIZE = 16L * 1024 * 1024;

	/** The option of the JVM, in either of its forms. */
	private static final Pattern REPOSITORY = Pattern
		.compile("^-XX:FlightRecorderOptions[:=](?:.*,)?repository=([^,]+)");

	private static final Duration THRESHOLD = Duration.ofMillis(20);

	private static final Duration SAMPLING_PERIOD = Duration.ofMillis(20);

	private static final Duration USAGE_PERIOD = Duration.ofSeconds(1);

	/** Waits and I/O, with their stacks. */
	private static final List<String> BLOCKING = List.of("jdk.ThreadSleep", "jdk.ThreadPark", "jdk.JavaMonitorEnter",
			"jdk.JavaMonitorWait", "jdk.SocketRead", "jdk.SocketWrite", "jdk.FileRead", "jdk.FileWrite",
			"jdk.FileForce");

	private @Nullable Recording recording;

	private Instant startedAt = Instant.MIN;

	/**
	 * Start the recording if it is not running, or too old. It may have been stopped from
	 * outside, for example with {@code jcmd}.
	 * @param now the current time
	 */
	void ensureRunning(Instant now) {
		Recording current = this.recording;
		boolean running = current != null && current.getState() == RecordingState.RUNNING;
		if (!running || this.startedAt.plus(MAX_AGE).isBefore(now)) {
			close();
			this.recording = start();
			this.startedAt = now;
		}
	}

	private static Recording start() {
		Recording recording = new Recording();
		try {
			recording.setName(NAME);
			recording.setToDisk(false);
			recording.setMaxAge(WRITTEN_MAX_AGE);
			recording.setMaxSize(MAX_SIZE);
			recording.enable(SliceEvent.NAME);
			recording.enable(StallEvent.NAME);
			BLOCKING.forEach((event) -> recording.enable(event).withThreshold(THRESHOLD).withStackTrace());
			recording.enable("jdk.ExecutionSample").withPeriod(SAMPLING_PERIOD);
			recording.enable("jdk.GarbageCollection");
			recording.enable("jdk.GCPhasePause");
			recording.enable("jdk.CPULoad").withPeriod(USAGE_PERIOD);
			recording.enable("jdk.ThreadCPULoad").withPeriod(USAGE_PERIOD);
			// Shows what a loop that is still stuck does when the file is written.
			recording.enable("jdk.ThreadDump").with("period", "endChunk");
			recording.start();
			return recording;
		}
		catch (Throwable ex) {
			recording.close();
			throw ex;
		}
	}

	/**
	 * Return where Flight Recorder writes its own files, before it copies them.
	 * @return the directory, or the one in which it will create it
	 */
	static Path repository() {
		// Set once something has been written.
		String created = System.getProperty("jdk.jfr.repository");
		return (created != null) ? Path.of(created)
				: configuredRepository(ManagementFactory.getRuntimeMXBean().getInputArguments());
	}

	static Path configuredRepository(List<String> arguments) {
		return arguments.stream()
			.map(REPOSITORY::matcher)
			.filter(Matcher::find)
			.reduce((former, latter) -> latter)
			.map((latter) -> Path.of(latter.group(1)))
			.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
	}

	/**
	 * Write what has been recorded.
	 * @param file the file
	 * @throws IOException if it could not be written
	 */
	void write(Path file) throws IOException {
		Recording current = this.recording;
		if (current == null) {
			throw new IOException("There is no flight recording");
		}
		current.dump(file);
	}

	@Override
	public void close() {
		Recording current = this.recording;
		this.recording = null;
		if (current != null) {
			current.close();
		}
	}

}
