package io.github.eventloop.health;

import org.jspecify.annotations.Nullable;

/**
 * What {@link EventLoopHealth} takes into account while the application starts. Called
 * once a second by the monitor's thread, so it must return at once.
 *
 * @since 0.1.0
 */
public interface StartupState {

	/**
	 * An application that has started.
	 */
	StartupState READY = new StartupState() {

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public @Nullable String excuse(String loop) {
			return null;
		}

	};

	/**
	 * Return whether the application has been ready to take traffic at least once. Until
	 * then nothing takes it out of service: it is not in service yet.
	 * @return whether it has been ready
	 */
	boolean isReady();

	/**
	 * Return why a loop may take longer than usual in the start-up grace.
	 * @param loop the name of a loop that is stalled
	 * @return the reason, fit to follow "has made no progress for 3 s", such as "while it
	 * loads classes", or {@code null} if there is none
	 */
	@Nullable String excuse(String loop);

}
