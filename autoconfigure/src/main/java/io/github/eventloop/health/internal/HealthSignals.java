package io.github.eventloop.health.internal;

import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.LogFactory;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.internal.thread.FailureLog;

/**
 * All {@link HealthSignal signals}, those of the library and those of users. An exception
 * of one affects neither the others nor the caller. Not thread-safe.
 */
public final class HealthSignals {

	private final List<HealthSignal> signals;

	private final FailureLog failures = new FailureLog(LogFactory.getLog(HealthSignal.class));

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
				this.failures.failed("Health signal " + signal.getClass().getName()
						+ " threw an exception and is ignored for this second", ex);
			}
		}
		return judgements;
	}

}
