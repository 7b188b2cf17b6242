package io.github.eventloop.shedding.internal;

import java.nio.charset.StandardCharsets;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Response to a shed request: problem details as in RFC 9457. It is the same for all
 * requests, contains nothing of the request, and is created once to be cheap on an
 * overloaded event loop.
 */
final class ShedResponse {

	/**
	 * Seconds after which clients should retry, long enough for the queue of a loop to
	 * drain, and short enough to be worth the wait.
	 */
	private static final String RETRY_AFTER = "2";

	private static final String BODY = """
			{"type":"about:blank","title":"Service Unavailable","status":503,\
			"detail":"Too busy to answer in time: try again in %s seconds."}""".formatted(RETRY_AFTER);

	/** Never modified, since it is wrapped by the buffers of all responses. */
	private final byte[] body = BODY.getBytes(StandardCharsets.US_ASCII);

	private final String length = Integer.toString(this.body.length);

	Mono<Void> writeTo(ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
		HttpHeaders headers = response.getHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
		headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		headers.set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		headers.set(HttpHeaders.CONTENT_LENGTH, this.length);
		if (HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
			return response.setComplete();
		}
		return response.writeWith(Mono.just(response.bufferFactory().wrap(this.body)));
	}

}
