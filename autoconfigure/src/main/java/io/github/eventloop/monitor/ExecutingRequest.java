package io.github.eventloop.monitor;

import org.jspecify.annotations.Nullable;

/**
 * A request whose code a loop is executing. Asked by other threads while the loop is in
 * that code, so answers must not wait for the loop.
 *
 * @since 0.1.0
 */
public interface ExecutingRequest {

	/**
	 * Return the template of the request's route, such as {@code /orders/{id}}.
	 * @return the template, never the path that was asked for; {@code null} if the
	 * request was not mapped to a handler yet
	 */
	@Nullable String route();

	/**
	 * Return the trace that the request belongs to.
	 * @return the id of the trace, or {@code null} if it is not traced
	 */
	@Nullable String traceId();

	/**
	 * Note in the request's trace that its loop stalled while executing it.
	 * @param description what the loop does, in one line
	 */
	void stalled(String description);

}
