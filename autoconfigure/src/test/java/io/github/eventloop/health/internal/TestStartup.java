package io.github.eventloop.health.internal;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.StartupState;

/**
 * {@link StartupState} that is set by a test.
 *
 * @param ready returns whether the application has been ready
 * @param excusedLoop the loop that loads classes, or {@code null} if none does
 */
public record TestStartup(BooleanSupplier ready, @Nullable String excusedLoop) implements StartupState {

	@Override
	public boolean isReady() {
		return this.ready.getAsBoolean();
	}

	@Override
	public @Nullable String excuse(String loop) {
		return loop.equals(this.excusedLoop) ? "while it loads classes" : null;
	}

}
