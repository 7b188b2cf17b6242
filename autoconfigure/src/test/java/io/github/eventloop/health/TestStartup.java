package io.github.eventloop.health;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * {@link StartupState} that is set by a test.
 *
 * @param ready returns whether the application has been ready
 * @param excusedLoop the loop that loads classes, or {@code null} if none does
 */
record TestStartup(BooleanSupplier ready, @Nullable String excusedLoop) implements StartupState {

	@Override
	public boolean isReady() {
		return this.ready.getAsBoolean();
	}

	@Override
	public @Nullable String excuse(String loop) {
		return loop.equals(this.excusedLoop) ? "while it loads classes" : null;
	}

}
