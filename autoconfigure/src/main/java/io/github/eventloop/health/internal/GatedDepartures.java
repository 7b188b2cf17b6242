package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.health.ReadinessGate.Decision;
import io.github.eventloop.health.ReadinessGate.Departure;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.Notifier;

/**
 * Departures about which a {@link ReadinessGate} decides, which is called on a thread of
 * its own. Without a decision in time, the instance stays in service: a registry that
 * does not answer must not take instances out.
 * <p>
 * Used by the monitor thread, except for {@link #close()}.
 */
public final class GatedDepartures implements Departures, AutoCloseable {

	/** The name of the thread that calls the gate. */
	public static final String THREAD_NAME = "eventloop-readiness";

	/** Time after which the absence of a decision means that the instance stays. */
	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final long CLOSE_MILLIS = 2000;

	/** More than a gate that blocks for a minute can accumulate. */
	private static final int QUEUE_CAPACITY = 64;

	private static final Decision NO_DECISION = Decision
		.refused("the readiness gate has not decided within " + TIMEOUT.toSeconds() + " s");

	private final ReadinessGate gate;

	private final Notifier calls = new Notifier(THREAD_NAME, QUEUE_CAPACITY);

	private final FailureLog failures = new FailureLog(LogFactory.getLog(ReadinessGate.class));

	/**
	 * The request or absence of this instance, or {@code null} if it is in service and
	 * does not want to leave. Volatile: used by the monitor thread, and on close by the
	 * thread that closes the application, which may be another one.
	 */
	private volatile @Nullable Call call;

	/** Whether the gate was ever called. Volatile, for the same reason. */
	private volatile boolean used;

	public GatedDepartures(ReadinessGate gate) {
		this.gate = gate;
	}

	@Override
	public @Nullable Decision decide(Duration now, EventLoopStatus status, String reason) {
		Call current = this.call;
		if (current == null) {
			Call started = new Call(now);
			this.call = started;
			this.used = true;
			this.calls.announce(() -> ask(started, new Departure(status, reason, started::recall)));
			return null;
		}
		Decision decision = current.decision.get();
		if (decision == null && now.minus(current.since).compareTo(TIMEOUT) < 0) {
			return null;
		}
		if (decision == null) {
			decision = current.decision.compareAndSet(null, NO_DECISION) ? NO_DECISION : current.decision.get();
		}
		if (decision != null && !decision.granted()) {
			this.call = null;
		}
		return decision;
	}

	private void ask(Call call, Departure departure) {
		if (call.decision.get() != null) {
			// The instance does not wait for the decision any more.
			return;
		}
		Decision decision;
		try {
			decision = this.gate.leave(departure);
		}
		catch (Throwable ex) {
			this.failures.failed("Readiness gate " + this.gate.getClass().getName()
					+ " threw an exception, so this instance stays in service", ex);
			decision = Decision.refused("the readiness gate failed with " + ex);
		}
		if (!call.decision.compareAndSet(null, decision) && decision.granted()) {
			giveBack();
		}
	}

	@Override
	public @Nullable String recalled() {
		Call current = this.call;
		return (current != null) ? current.recalled : null;
	}

	@Override
	public void returned() {
		Call current = this.call;
		this.call = null;
		if (current == null || current.decision.compareAndSet(null, NO_DECISION)) {
			// A decision that arrives later is given back then.
			return;
		}
		this.calls.announce(this::giveBack);
	}

	private void giveBack() {
		try {
			this.gate.returned();
		}
		catch (Throwable ex) {
			this.failures.failed("Readiness gate " + this.gate.getClass().getName()
					+ " could not record that this instance is back in service", ex);
		}
	}

	/** Return to service if this instance is out of it, and wait for that for a while. */
	@Override
	public void close() {
		if (this.used) {
			returned();
			CountDownLatch done = new CountDownLatch(1);
			this.calls.announce(done::countDown);
			try {
				// Without success if the gate blocks.
				done.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		this.calls.close();
	}

	/**
	 * A request to leave, and the absence that follows it.
	 */
	private static final class Call {

		private final Duration since;

		/**
		 * Set once, by the thread that calls the gate, or by the monitor thread if there
		 * was no decision in time.
		 */
		private final AtomicReference<@Nullable Decision> decision = new AtomicReference<>();

		/** Volatile: written by any thread, read by the monitor thread. */
		private volatile @Nullable String recalled;

		Call(Duration since) {
			this.since = since;
		}

		void recall(String reason) {
			this.recalled = reason;
		}

	}

}
