package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

/**
 * A request whose code a loop is executing. Methods are called by other threads while the
 * loop executes that code, so implementations must not wait for the loop.
 *
 * @since 0.1.0
 */
public interface ExecutingRequest {

	/**
	 * Return the template of the request's route, such as {@code /orders/{id}}.
	 * @return the template, never the requested path; {@code null} if the request has not
	 * been mapped to a handler yet
	 */
	@Nullable String route();

	/**
	 * Return the id of the trace that the request belongs to.
	 * @return the trace id, or {@code null} if the request is not traced
	 */
	@Nullable String traceId();

	/**
	 * Return the server whose response the loop handles for this request.
	 * @return the host and port, such as {@code redis-1:6379}, or {@code null} if the
	 * loop handles no response
	 */
	default @Nullable String peer() {
		return null;
	}

	/**
	 * Record in the request's trace that its loop stalled while executing it.
	 * @param description a description of what the loop executes, in one line
	 */
	void stalled(String description);

}
