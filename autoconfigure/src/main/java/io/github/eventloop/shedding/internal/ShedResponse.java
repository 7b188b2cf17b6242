package io.github.eventloop.shedding.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Response to a shed request: problem details as in RFC 9457. It is the same for all
 * requests, contains nothing of the request, and is created once to be cheap on an
 * overloaded event loop.
 */
final class ShedResponse {

	/** {@code Retry-After} is in whole seconds. */
	private static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);

	private static final Duration LONGEST_RETRY = Duration.ofHours(24);

	private static final String BODY = """
			{"type":"about:blank","title":"Service Unavailable","status":503,\
			"detail":"Too busy to answer in time: try again in %s."}""";

	private final String retryAfter;

	/** Never modified, since it is wrapped by the buffers of all responses. */
	private final byte[] body;

	private final String length;

	ShedResponse(Duration retryAfter) {
		if (retryAfter.compareTo(SHORTEST_RETRY) < 0 || retryAfter.compareTo(LONGEST_RETRY) > 0) {
			throw new InvalidSettingException("retryAfter", retryAfter, "must be from %s to %s", SHORTEST_RETRY,
					LONGEST_RETRY);
		}
		long seconds = retryAfter.toSeconds() + ((retryAfter.toNanosPart() > 0) ? 1 : 0);
		this.retryAfter = Long.toString(seconds);
		this.body = BODY.formatted((seconds == 1) ? "1 second" : seconds + " seconds")
			.getBytes(StandardCharsets.US_ASCII);
		this.length = Integer.toString(this.body.length);
	}

	Mono<Void> writeTo(ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
		HttpHeaders headers = response.getHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, this.retryAfter);
		headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		headers.set(HttpHeaders.CONTENT_LENGTH, this.length);
		if (HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
			return response.setComplete();
		}
		return response.writeWith(Mono.just(response.bufferFactory().wrap(this.body)));
	}

}
