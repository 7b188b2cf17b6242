package io.github.eventloop.actuate.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeTypeUtils;

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
		return format.isJson() ? new WebEndpointResponse<>(CapturesDescriptor.of(this.files.list()), format)
				: Problem.notAvailable(format);
	}

	/** Return the content of a capture, which is bounded, or a problem. */
	WebEndpointResponse<Object> file(String name, @Nullable String hint) {
		if (this.files == null) {
			return Problem.response(404, Views.CAPTURES_ARE_OFF);
		}
		if (hint != null) {
			return Problem.response(403, hint);
		}
		byte[] content = this.files.read(name);
		return (content != null) ? new WebEndpointResponse<>(content, MimeTypeUtils.APPLICATION_OCTET_STREAM)
				: Problem.response(404, "There is no capture " + Problem.quote(name)
						+ ", or it has been deleted. The view 'captures' lists all that exist.");
	}

}
