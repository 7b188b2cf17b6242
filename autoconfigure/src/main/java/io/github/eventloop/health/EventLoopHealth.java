package io.github.eventloop.health;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationEventPublisher;

import io.github.eventloop.health.internal.AcceptorSignal;
import io.github.eventloop.health.internal.DriverSignal;
import io.github.eventloop.health.internal.GatedDepartures;
import io.github.eventloop.health.internal.HealthInput;
import io.github.eventloop.health.internal.HealthPolicy;
import io.github.eventloop.health.internal.HealthSignals;
import io.github.eventloop.health.internal.StatusNotifier;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Health of the event loops: a status that is updated once a second, the reason for it,
 * and the figures behind it. Every change of the status is published as an
 * {@link EventLoopStatusChangedEvent}.
 * <p>
 * Thread-safe. Reads neither block nor compute, so event loops may read it, and it is
 * readable while they are stuck.
 *
 * @since 0.1.0
 */
public final class EventLoopHealth implements EventLoopListener, InitializingBean, DisposableBean {

	/**
	 * Age from which a judgement is obsolete. Normally there is one every second; an
	 * instance that was out of service this long ago may have recovered since.
	 */
	static final long OBSOLETE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(30);

	/** Age from which a snapshot no longer shows the current state of the loops. */
	private static final long RECENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

	/** A status changes every few seconds at most, and seldom. */
	private static final int MAX_CHANGES = 64;

	private static final Judged NOT_JUDGED_YET = new Judged(
			new Judgement(EventLoopStatus.STARTING, "no second has been judged yet"), null, false, 0, 0);

	private final EventLoopMonitor monitor;

	private final LongSupplier clock;

	private final StatusNotifier notifier;

	private final StartupState startup;

	/** Confined to the thread that calls {@link #onSecond(EventLoopSecond)}. */
	private final HealthSignals signals;

	private final @Nullable GatedDepartures departures;

	/** Confined to the thread that calls {@link #onSecond(EventLoopSecond)}. */
	private final HealthPolicy policy;

	/**
	 * Written by the thread that calls {@link #onSecond(EventLoopSecond)}, read by any
	 * thread. Volatile and immutable, so that a status is always read together with the
	 * reason and the figures that belong to it.
	 */
	private volatile Judged judged = NOT_JUDGED_YET;

	/**
	 * The latest changes, oldest first. Immutable, written and read like {@link #judged}.
	 */
	private volatile List<EventLoopStatusChangedEvent> changes = List.of();

	/**
	 * Create a new instance. Judging starts with {@link #afterPropertiesSet()}.
	 * @param monitor the monitor of the event loops
	 * @param settings the thresholds and durations to judge by
	 * @param publisher the publisher of status changes
	 * @throws InvalidSettingException if the settings do not fit the monitor's window
	 */
	public EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher) {
		this(monitor, settings, publisher, List.of(), StartupState.READY, null, true);
	}

	/**
	 * Create a new instance with additional signals, with allowances while the
	 * application starts, and with a gate that decides about leaving service. Judging
	 * starts with {@link #afterPropertiesSet()}.
	 * @param monitor the monitor of the event loops
	 * @param settings the thresholds and durations to judge by
	 * @param publisher the publisher of status changes
	 * @param signals the additional signals, in the order in which they are called
	 * @param startup the state of the application's startup
	 * @param gate decides whether this instance may leave service, or {@code null} if it
	 * decides by itself
	 * @param leavesService whether the instance leaves service when its loops are
	 * overloaded or stuck; if not, as in an application whose requests other threads
	 * handle, the status is at most {@link EventLoopStatus#DEGRADED}
	 * @throws InvalidSettingException if the settings do not fit the monitor's window
	 */
	public EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher,
			List<HealthSignal> signals, StartupState startup, @Nullable ReadinessGate gate, boolean leavesService) {
		this(monitor, settings, publisher, signals, startup, gate, leavesService, System::nanoTime);
	}

	EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher,
			List<HealthSignal> signals, StartupState startup, @Nullable ReadinessGate gate, boolean leavesService,
			LongSupplier clock) {
		this.monitor = monitor;
		this.startup = startup;
		this.clock = clock;
		this.signals = new HealthSignals(
				Stream.concat(Stream.of(new AcceptorSignal(), new DriverSignal(settings)), signals.stream()).toList());
		this.departures = (gate != null) ? new GatedDepartures(gate) : null;
		this.policy = new HealthPolicy(settings, monitor.settings().window(),
				() -> ThreadLocalRandom.current().nextDouble(), this.departures, leavesService);
		this.notifier = new StatusNotifier(publisher);
	}

	/**
	 * Return the status of the event loops.
	 * @return the status
	 */
	public EventLoopStatus status() {
		return judgement().status();
	}

	/**
	 * Return the reason for the status.
	 * @return the reason, in words and numbers; not meant to be parsed
	 */
	public String reason() {
		return judgement().reason();
	}

	/**
	 * Return the status together with the reason for it.
	 * @return the judgement of the last second; {@link EventLoopStatus#DEGRADED}, which
	 * is in service, if there has been none for 30 seconds
	 */
	public Judgement judgement() {
		return judged().judgement;
	}

	/**
	 * Return the snapshot that a judgement was derived from, for readers that show the
	 * figures in its reason beside those of the loops.
	 * @param judgement the {@link #judgement()}
	 * @return the loops at the end of the judged second; {@code null} if there is a newer
	 * judgement, or the last one is older than 1.5 seconds
	 */
	public @Nullable EventLoopSnapshot snapshotOf(Judgement judgement) {
		Judged last = this.judged;
		boolean recent = this.clock.getAsLong() - last.at < RECENT_NANOS;
		return (recent && last.judgement.equals(judgement)) ? last.snapshot : null;
	}

	/**
	 * Return whether connections should move to other instances: this one is out of
	 * service, or stays in service although it lags and its requests increased.
	 * @return whether to drain connections
	 */
	public boolean isDraining() {
		return judged().draining;
	}

	/**
	 * Return how often this instance stayed in service although it was overloaded or
	 * stuck, because leaving would have harmed: by its own decision, or by that of a
	 * {@link ReadinessGate}.
	 * @return the number, which never decreases
	 */
	public long stays() {
		return this.judged.stays;
	}

	/**
	 * Return the latest changes of the status.
	 * @return up to 64 changes, oldest first
	 */
	public List<EventLoopStatusChangedEvent> changes() {
		return this.changes;
	}

	/** Return a judgement and the snapshot of the same second. */
	Judged judged() {
		Judged last = this.judged;
		long age = this.clock.getAsLong() - last.at;
		boolean obsolete = last.snapshot != null && age >= OBSOLETE_AFTER_NANOS;
		return obsolete ? last.obsolete(TimeUnit.NANOSECONDS.toSeconds(age)) : last;
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		EventLoopStatus before = this.judged.judgement.status();
		Judgement now = this.policy.judge(HealthInput.of(second, this.startup, this.signals.judge(second)));
		this.judged = new Judged(now, second.snapshot(), this.policy.isDraining(), this.policy.stays(),
				this.clock.getAsLong());
		if (now.status() != before) {
			EventLoopStatusChangedEvent change = new EventLoopStatusChangedEvent(before, now.status(), now.reason(),
					Instant.now());
			remember(change);
			this.notifier.statusChanged(change);
		}
		if (this.policy.hasStayed()) {
			this.notifier.stayed(now.reason());
		}
	}

	private void remember(EventLoopStatusChangedEvent change) {
		List<EventLoopStatusChangedEvent> before = this.changes;
		this.changes = Stream
			.concat(before.stream().skip(Math.max(0, before.size() - MAX_CHANGES + 1)), Stream.of(change))
			.toList();
	}

	@Override
	public void afterPropertiesSet() {
		this.monitor.addListener(this);
	}

	@Override
	public void destroy() {
		this.monitor.removeListener(this);
		if (this.departures != null) {
			this.departures.close();
		}
		this.notifier.close();
	}

	/**
	 * A judgement and its basis.
	 *
	 * @param judgement the judgement
	 * @param snapshot the loops at the end of the judged second, or {@code null} before
	 * the first one
	 * @param draining whether to drain connections
	 * @param stays how often the instance stayed in service although in trouble
	 * @param at the time of the judgement, by the clock of this class
	 */
	record Judged(Judgement judgement, @Nullable EventLoopSnapshot snapshot, boolean draining, long stays, long at) {

		Judged obsolete(long seconds) {
			return new Judged(new Judgement(EventLoopStatus.DEGRADED, "not judged for " + seconds
					+ " s: eventloop-monitor is blocked, for example by a HealthSignal or an EventLoopListener"),
					this.snapshot, false, this.stays, this.at);
		}

	}

}
