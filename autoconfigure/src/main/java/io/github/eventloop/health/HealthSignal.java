package io.github.eventloop.health;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSecond;

/**
 * Additional input of the status besides the loops, such as the length of a queue.
 * Declare it as a bean; all such beans are called once a second, in their order.
 * <p>
 * Called by the monitor thread, one call at a time. Nothing is measured during the call,
 * so it must return at once: read a value that is available in memory, and make no
 * network calls. An exception is logged, at most once a minute, and counts as no
 * judgement.
 * <p>
 * An implementation must not inject {@link EventLoopHealth}, which depends on the
 * signals: that would be a circular reference.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HealthSignal {

	/**
	 * Judge a second. The status becomes no better than the worst judgement:
	 * <ul>
	 * <li>{@link EventLoopStatus#DEGRADED}: the status is at least {@code DEGRADED} for
	 * this second.
	 * <li>{@link EventLoopStatus#OVERLOADED}: the second is a bad one, like a second with
	 * too much lag. After {@link HealthSettings#tripAfter()} bad seconds the application
	 * is overloaded, and no recovery begins before the last of them. In service the
	 * judgement counts as {@code DEGRADED}.
	 * <li>{@link EventLoopStatus#STUCK}: the application is stuck, as with a loop that
	 * makes no progress, even during the start-up grace period, but not before it has
	 * been ready once.
	 * </ul>
	 * No judgement keeps the application out of service for longer than
	 * {@link HealthSettings#maxOutOfService()}, and all but {@code STUCK} are ignored
	 * during the grace period.
	 * @param second the measurements of this second
	 * @return the judgement, with a reason that is worded to follow "event loops are
	 * OVERLOADED,", or {@code null} for none; {@link EventLoopStatus#HEALTHY} and
	 * {@link EventLoopStatus#STARTING} count as none
	 */
	@Nullable Judgement judge(EventLoopSecond second);

}
