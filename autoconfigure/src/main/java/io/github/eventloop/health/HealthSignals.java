package io.github.eventloop.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.Announcer;
import io.github.eventloop.monitor.EventLoopSecond;

/**
 * Asks the {@link HealthSignal signals}, ours and those of users, none of which can do
 * harm. Not thread-safe.
 */
final class HealthSignals {

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(HealthSignal.class);

	private final List<HealthSignal> signals;

	/** A log that takes its time must not hold up the monitor's thread. */
	private final Announcer lines = Announcer.ofLog(8);

	private long failures;

	/** The end of the second whose failure was logged last. */
	private @Nullable Duration lastLogged;

	HealthSignals(List<HealthSignal> signals) {
		this.signals = List.copyOf(signals);
	}

	/** What they have to say of a second. */
	List<Judgement> ask(EventLoopSecond second) {
		List<Judgement> judgements = new ArrayList<>();
		for (HealthSignal signal : this.signals) {
			try {
				Judgement judgement = signal.judge(second);
				if (judgement != null && judgement.status() != EventLoopStatus.HEALTHY
						&& judgement.status() != EventLoopStatus.STARTING) {
					judgements.add(judgement);
				}
			}
			catch (Throwable ex) {
				failed(signal, Duration.ofNanos(second.snapshot().nanoTime()), ex);
			}
		}
		return judgements;
	}

	private void failed(HealthSignal signal, Duration at, Throwable failure) {
		long number = ++this.failures;
		if (this.lastLogged == null || at.minus(this.lastLogged).compareTo(LOG_INTERVAL) >= 0) {
			this.lastLogged = at;
			this.lines.announce(() -> logger.warn("The health signal " + signal.getClass().getName()
					+ " failed and counts for nothing (failure " + number + " so far, logged at most once a minute)",
					failure));
		}
	}

}
