package io.github.eventloop.health;

import java.util.function.Consumer;

import org.springframework.util.Assert;

/**
 * Decides whether this instance may leave service, depending on the state of the other
 * instances of the service. An instance measures only itself: it has no way to determine
 * whether it alone is slow, and leaving helps, or all are, and leaving empties the
 * service. Declare an implementation as a bean to use a view that is shared by all
 * instances, such as a service registry or a database.
 * <p>
 * Called by one thread of its own, one call at a time, so an implementation may block,
 * but should use timeouts: without a decision within 5 seconds, or after an exception,
 * the instance stays in service. A decision that arrives later is taken back by a call of
 * {@link #returned()}. When the application shuts down, the thread is interrupted if a
 * call takes longer than 2 seconds.
 *
 * @since 0.1.0
 */
public interface ReadinessGate {

	/**
	 * Decide whether this instance may leave service now. Called when it wants to leave,
	 * and again, after ten seconds or more, if it had to stay and still wants to leave.
	 * @param departure why the instance wants to leave, and how to recall it
	 * @return the decision, never {@code null}. If it is granted, readiness fails from
	 * now on, until the instance has recovered, has been out for long enough, or is
	 * recalled
	 * @throws Exception if there is no decision; the instance stays in service
	 */
	Decision leave(Departure departure) throws Exception;

	/**
	 * Record that this instance is back in service, or that it did not leave after all.
	 * Also called when the application shuts down while it is out of service.
	 * @throws Exception if this could not be recorded; logged, and not repeated
	 */
	void returned() throws Exception;

	/**
	 * A departure to decide about. Immutable.
	 *
	 * @param status the status with which the instance wants to leave:
	 * {@link EventLoopStatus#OVERLOADED} or {@link EventLoopStatus#STUCK}
	 * @param reason the reason for it, in words and numbers
	 * @param recall takes the instance back into service while it is out, because the
	 * others need it; receives the reason, worded to follow "staying in service:". May be
	 * called by any thread, even before the decision was returned, and has no effect once
	 * the instance is back
	 */
	record Departure(EventLoopStatus status, String reason, Consumer<String> recall) {

	}

	/**
	 * A decision. Immutable.
	 *
	 * @param granted whether the instance may leave
	 * @param reason the reason, in words and numbers, worded to follow "staying in
	 * service:" if it has to stay
	 */
	record Decision(boolean granted, String reason) {

		/**
		 * Create a decision.
		 * @throws IllegalArgumentException if the reason is missing
		 */
		public Decision {
			Assert.hasText(reason, "'reason' must not be empty");
		}

		/**
		 * Create a decision to let the instance leave.
		 * @param reason the reason
		 * @return the decision
		 */
		public static Decision granted(String reason) {
			return new Decision(true, reason);
		}

		/**
		 * Create a decision to keep the instance in service.
		 * @param reason the reason
		 * @return the decision
		 */
		public static Decision refused(String reason) {
			return new Decision(false, reason);
		}

	}

}
