package io.github.eventloop.health.internal;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate;

/**
 * The departures of this instance, about which a {@link ReadinessGate} decides. Methods
 * return immediately, and are called by the monitor thread.
 */
public interface Departures {

	/**
	 * Return the decision whether the instance may leave, which is requested by the first
	 * call. Once it was returned, the next call requests another one.
	 * @param now the end of the second
	 * @param status the status with which the instance wants to leave
	 * @param reason the reason for it
	 * @return the decision, or {@code null} if there is none yet
	 */
	ReadinessGate.@Nullable Decision decide(Duration now, EventLoopStatus status, String reason);

	/**
	 * Return the reason why the instance has to return, or {@code null} if it may stay
	 * out of service.
	 */
	@Nullable String recalled();

	/** Record that the instance has returned, or does not want to leave any more. */
	void returned();

}
