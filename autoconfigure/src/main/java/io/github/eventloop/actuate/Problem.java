package io.github.eventloop.actuate;

import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Says why there is no other answer.
 *
 * @param status the HTTP status
 * @param message what is wrong, and how to put it right
 * @since 0.1.0
 */
@JsonPropertyOrder({ "status", "message" })
public record Problem(int status, String message) implements OperationResponseBody {

	/** So much of what a caller sent is repeated to it. */
	private static final int LONGEST_QUOTE = 100;

	static String noSuchLoop(String name, EventLoopSnapshot loops) {
		return "No event loop is called " + quote(name) + ". There are: "
				+ loops.loops().stream().map(LoopSnapshot::name).collect(Collectors.joining(", ", "", "."));
	}

	static String quote(String sent) {
		return "'" + ((sent.length() <= LONGEST_QUOTE) ? sent : sent.substring(0, LONGEST_QUOTE) + "...") + "'";
	}

}
