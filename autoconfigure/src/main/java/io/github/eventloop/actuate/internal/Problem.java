package io.github.eventloop.actuate.internal;

import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.util.MimeType;

import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Problem details of a request that could not be answered, as RFC 9457 defines them.
 *
 * @param title the name of the status
 * @param status the status of the response
 * @param detail what is wrong, and how to correct it
 */
@JsonPropertyOrder({ "title", "status", "detail" })
public record Problem(String title, int status, String detail) implements OperationResponseBody {

	private static final MimeType MEDIA_TYPE = MimeType.valueOf("application/problem+json");

	/** Longest part of a request that is repeated in a response. */
	private static final int MAX_QUOTE = 100;

	static Problem of(int status, String detail) {
		return new Problem(HttpStatus.valueOf(status).getReasonPhrase(), status, detail);
	}

	static WebEndpointResponse<Object> response(int status, String detail) {
		return new WebEndpointResponse<>(of(status, detail), status, MEDIA_TYPE);
	}

	/** Respond to a request for a view in a format that only another view has. */
	static WebEndpointResponse<Object> notAvailable(ViewFormat format) {
		String available = switch (format) {
			case MARKDOWN -> "the diagnosis is available as text/markdown";
			case COLLAPSED_STACKS -> "stalls are available as text/plain";
			default -> "the files of captures are available as application/octet-stream";
		};
		return response(406, "Only " + available + ". Request application/json instead.");
	}

	static String noSuchLoop(String name, EventLoopSnapshot loops) {
		return "There is no event loop " + quote(name) + ". Available event loops: "
				+ loops.loops().stream().map(LoopSnapshot::name).collect(Collectors.joining(", ", "", "."));
	}

	static String quote(String sent) {
		return "'" + ((sent.length() <= MAX_QUOTE) ? sent : sent.substring(0, MAX_QUOTE) + "...") + "'";
	}

}
