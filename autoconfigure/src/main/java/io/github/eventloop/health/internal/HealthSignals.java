package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.internal.thread.Notifier;

/**
 * All {@link HealthSignal signals}, those of the library and those of users. An exception
 * of one affects neither the others nor the caller. Not thread-safe.
 */
public final class HealthSignals {

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(HealthSignal.class);

	private final List<HealthSignal> signals;

	/** Logs asynchronously, as a slow log must not block the monitor thread. */
	private final Notifier lines = Notifier.ofLog(8);

	private long failures;

	/** The end of the second whose failure was logged last. */
	private @Nullable Duration lastLogged;

	public HealthSignals(List<HealthSignal> signals) {
		this.signals = List.copyOf(signals);
	}

	/** Return the judgements of a second that affect the status. */
	public List<Judgement> judge(EventLoopSecond second) {
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
			this.lines.announce(() -> logger.warn("Health signal " + signal.getClass().getName()
					+ " threw an exception and is ignored for this second (failure " + number
					+ " of all signals so far, logged at most once a minute)", failure));
		}
	}

}
