package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.jfr.internal.CaptureFile;
import io.github.eventloop.jfr.internal.CaptureTrigger;

/**
 * Captures: flight recordings that were written to files.
 *
 * @param captures the captures, newest first
 */
public record CapturesDescriptor(List<Capture> captures) implements OperationResponseBody {

	static CapturesDescriptor of(List<CaptureFile> files) {
		return new CapturesDescriptor(files.stream()
			.map((file) -> new Capture(file.name(), file.time(), file.trigger(), file.bytes()))
			.toList());
	}

	/**
	 * A capture.
	 *
	 * @param name the name of the file, which is also that of the item of the view
	 * @param time the time of the trigger
	 * @param trigger what caused it to be written
	 * @param bytes the size of the file
	 */
	public record Capture(String name, Instant time, CaptureTrigger trigger, long bytes) {
	}

}
