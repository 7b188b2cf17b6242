package io.github.eventloop.stall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Counts the safepoints in which the JVM takes thread dumps, with a recording of JDK
 * Flight Recorder.
 */
public final class ThreadDumps implements AutoCloseable {

	private final Recording recording = new Recording();

	public ThreadDumps() {
		this.recording.enable("jdk.ExecuteVMOperation").withoutThreshold();
		this.recording.start();
	}

	/** Stop, and return the number of thread dumps that the thread has requested. */
	public long stop(String threadName) {
		this.recording.stop();
		try {
			Path file = Files.createTempFile("thread-dumps", ".jfr");
			try {
				this.recording.dump(file);
				return RecordingFile.readAllEvents(file).stream().filter((event) -> isDump(event, threadName)).count();
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isDump(RecordedEvent event, String threadName) {
		return event.getString("operation").equals("ThreadDump") && event.getBoolean("safepoint")
				&& event.getThread("caller").getJavaName().equals(threadName);
	}

	@Override
	public void close() {
		this.recording.close();
	}

}
