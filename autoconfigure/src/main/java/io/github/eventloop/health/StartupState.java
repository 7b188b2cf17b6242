package io.github.eventloop.health;

import org.jspecify.annotations.Nullable;

/**
 * State of the application's startup, which {@link EventLoopHealth} makes allowances for.
 * Called once a second by the monitor thread, so implementations must not block.
 *
 * @since 0.1.0
 */
public interface StartupState {

	/**
	 * State of an application that has started.
	 */
	StartupState READY = new StartupState() {

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public @Nullable String slowStartReason(String loop) {
			return null;
		}

	};

	/**
	 * Return whether the application has been ready to receive traffic at least once.
	 * Until then nothing takes it out of service, as it is not in service yet.
	 * @return whether it has been ready
	 */
	boolean isReady();

	/**
	 * Return the reason why an iteration of a loop may take longer than usual during the
	 * start-up grace period.
	 * @param loop the name of a stalled loop
	 * @return the reason, worded to follow "has made no progress for 3 s", such as "while
	 * it loads classes", or {@code null} if there is none
	 */
	@Nullable String slowStartReason(String loop);

}
