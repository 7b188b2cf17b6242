package io.github.eventloop.health;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSecond;

/**
 * Something else than the loops that the status is to depend on, such as a queue that
 * grows. Declare it as a bean; all such beans are asked once a second, in their order.
 * <p>
 * It is called by the monitor's own thread, one call at a time, and must return at once:
 * nothing is measured meanwhile. Let it read a number that is at hand, and never ask
 * somebody else over the network. What it throws is logged, at most once a minute, and
 * counts as having nothing to say.
 * <p>
 * It must not inject {@link EventLoopHealth}, which is made of the signals: that would be
 * a circular reference.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HealthSignal {

	/**
	 * Judge a second. The status becomes no better than the worst judgement:
	 * <ul>
	 * <li>{@link EventLoopStatus#DEGRADED}: the status is at least that for this second.
	 * <li>{@link EventLoopStatus#OVERLOADED}: this second is a bad one, as one with too
	 * much lag is. It takes {@link HealthSettings#tripAfter()} of them to leave service,
	 * unless it has come back lately and {@link HealthSettings#stayShare()} has it stay,
	 * and no recovery begins before the last of them. In service it counts as
	 * {@code DEGRADED}.
	 * <li>{@link EventLoopStatus#STUCK}: out of service at once, as with a loop that
	 * makes no progress, in the start-up grace too, but not before the application was
	 * ready once.
	 * </ul>
	 * No judgement keeps the application out of service for longer than
	 * {@link HealthSettings#maxOutOfService()}, and all but {@code STUCK} are ignored in
	 * the grace.
	 * @param second what the loops did in this second
	 * @return the judgement, its reason fit to follow "event loops are OVERLOADED,", or
	 * {@code null} if there is nothing to say, as with {@link EventLoopStatus#HEALTHY}
	 * and {@link EventLoopStatus#STARTING}
	 */
	@Nullable Judgement judge(EventLoopSecond second);

}
