package io.github.eventloop.actuate.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.FileSystemResource;

import io.github.eventloop.jfr.internal.CaptureFiles;

/**
 * Answers to requests for captures, which are details as a whole. Thread-safe.
 */
final class CaptureAnswers {

	private final @Nullable CaptureFiles files;

	/**
	 * Create answers.
	 * @param files the captures, or {@code null} if none are written
	 */
	CaptureAnswers(@Nullable CaptureFiles files) {
		this.files = files;
	}

	/** Return the list of captures, or a problem. */
	WebEndpointResponse<Object> list(@Nullable String hint, ViewFormat format) {
		if (this.files == null) {
			return Problem.response(404, Views.CAPTURES_ARE_OFF);
		}
		if (hint != null) {
			return Problem.response(403, hint);
		}
		return format.isJson() ? new WebEndpointResponse<>(new CapturesDescriptor(this.files.list()), format)
				: Problem.notAvailable(format);
	}

	/** Return a capture, which is sent without reading all of it first, or a problem. */
	WebEndpointResponse<Object> file(String name, @Nullable String hint) {
		if (this.files == null) {
			return Problem.response(404, Views.CAPTURES_ARE_OFF);
		}
		if (hint != null) {
			return Problem.response(403, hint);
		}
		return this.files.find(name)
			.map((file) -> new WebEndpointResponse<Object>(new FileSystemResource(file), ViewFormat.FLIGHT_RECORDING))
			.orElseGet(() -> Problem.response(404, "There is no capture " + Problem.quote(name)
					+ ", or it has been deleted. The view 'captures' lists all that exist."));
	}

}
