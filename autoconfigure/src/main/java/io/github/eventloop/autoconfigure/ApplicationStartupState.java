package io.github.eventloop.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

import io.github.eventloop.health.StartupState;
import io.github.eventloop.monitor.internal.thread.LogThread;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.internal.advice.Advice;

/**
 * {@link StartupState} of a Spring Boot application. The application is ready when
 * {@code SpringApplication} reports that it is, or, if the context is not run by a
 * {@code SpringApplication}, when the context is refreshed.
 */
final class ApplicationStartupState implements StartupState, ApplicationListener<ApplicationEvent> {

	/** Bean that every {@code SpringApplication} registers. */
	private static final String ARGUMENTS = "springApplicationArguments";

	private final ConfigurableApplicationContext context;

	private final StallDetector stalls;

	/**
	 * Written by the thread that publishes events, read by the monitor thread. Volatile
	 * is sufficient, because no other state is published with it.
	 */
	private volatile boolean ready;

	ApplicationStartupState(ConfigurableApplicationContext context, StallDetector stalls) {
		this.context = context;
		this.stalls = stalls;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (!this.ready && isReadyFrom(event)) {
			this.ready = true;
			// Not earlier, because it would delay the start, and not by the first stall.
			LogThread.write(Advice::prepare);
		}
	}

	private boolean isReadyFrom(ApplicationEvent event) {
		if (event instanceof ContextRefreshedEvent refreshed) {
			return refreshed.getApplicationContext() == this.context
					&& !this.context.getBeanFactory().containsLocalBean(ARGUMENTS);
		}
		if (event instanceof AvailabilityChangeEvent<?> change) {
			return change.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		}
		return event instanceof ApplicationReadyEvent;
	}

	@Override
	public boolean isReady() {
		return this.ready;
	}

	@Override
	public @Nullable String slowStartReason(String loop) {
		return this.stalls.stalls()
			.stream()
			.filter((stall) -> stall.inProgress() && stall.loop().equals(loop))
			.findFirst()
			.map(ApplicationStartupState::slowStartReason)
			.orElse(null);
	}

	private static @Nullable String slowStartReason(Stall stall) {
		if (stall.isClassLoading()) {
			return "while it loads classes";
		}
		return stall.isStarved() ? "while it is starved of CPU" : null;
	}

}
