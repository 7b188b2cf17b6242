package io.github.eventloop.health.internal;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.StartupState;

/**
 * {@link StartupState} that is set by a test.
 *
 * @param ready returns whether the application has been ready
 * @param slowLoop the loop that loads classes, or {@code null} if none does
 */
public record TestStartup(BooleanSupplier ready, @Nullable String slowLoop) implements StartupState {

	@Override
	public boolean isReady() {
		return this.ready.getAsBoolean();
	}

	@Override
	public @Nullable String slowStartReason(String loop) {
		return loop.equals(this.slowLoop) ? "while it loads classes" : null;
	}

}
