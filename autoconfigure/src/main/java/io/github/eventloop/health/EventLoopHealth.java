package io.github.eventloop.health;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.ApplicationEventPublisher;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.InvalidSettingException;

/**
 * How the event loops are judged at present: a status that is renewed once a second, the
 * reason for it and the figures behind it. Every judgement that changes the status is
 * published as an {@link EventLoopStatusChangedEvent}.
 * <p>
 * Thread-safe. Reading never blocks nor computes, so it may be done by event loops, and
 * it works while they are stuck.
 *
 * @since 0.1.0
 */
public final class EventLoopHealth implements EventLoopListener, InitializingBean, DisposableBean {

	/**
	 * Who is judged once a second, and was not for so long, is not judged at all: whoever
	 * was out of service then may be well again by now, and nobody would know.
	 */
	static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

	private static final Judged NOTHING_SEEN = new Judged(
			new Judgement(EventLoopStatus.STARTING, "no second has been judged yet"), null, 0);

	private final EventLoopMonitor monitor;

	private final LongSupplier clock;

	private final StatusAnnouncer announcer;

	private final StartupState startup;

	/** Used by the thread that calls {@link #onSecond(EventLoopSecond)}, and no other. */
	private final HealthSignals signals;

	/** Used by the thread that calls {@link #onSecond(EventLoopSecond)}, and no other. */
	private final HealthPolicy policy;

	/**
	 * Written by the thread that calls {@link #onSecond(EventLoopSecond)}, read by any.
	 * Volatile and immutable: whoever sees a status sees the reason and the figures that
	 * belong to it.
	 */
	private volatile Judged judged = NOTHING_SEEN;

	/**
	 * Create a judge that has seen nothing. It starts to judge when its properties have
	 * been set, as beans do.
	 * @param monitor what to judge
	 * @param settings where the lines are drawn
	 * @param publisher who to tell of changes of status
	 * @throws InvalidSettingException if the settings do not fit the monitor's window
	 */
	public EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher) {
		this(monitor, settings, publisher, List.of());
	}

	/**
	 * Create a judge that has seen nothing and asks others too. It starts to judge when
	 * its properties have been set, as beans do.
	 * @param monitor what to judge
	 * @param settings where the lines are drawn
	 * @param publisher who to tell of changes of status
	 * @param signals whom to ask besides, in this order
	 * @throws InvalidSettingException if the settings do not fit the monitor's window
	 */
	public EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher,
			List<HealthSignal> signals) {
		this(monitor, settings, publisher, signals, StartupState.READY);
	}

	/**
	 * Create a judge that has seen nothing, asks others too, and makes allowances while
	 * the application starts. It starts to judge when its properties have been set, as
	 * beans do.
	 * @param monitor what to judge
	 * @param settings where the lines are drawn
	 * @param publisher who to tell of changes of status
	 * @param signals whom to ask besides, in this order
	 * @param startup how far the start of the application has come
	 * @throws InvalidSettingException if the settings do not fit the monitor's window
	 */
	public EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher,
			List<HealthSignal> signals, StartupState startup) {
		this(monitor, settings, publisher, signals, startup, System::nanoTime);
	}

	EventLoopHealth(EventLoopMonitor monitor, HealthSettings settings, ApplicationEventPublisher publisher,
			List<HealthSignal> signals, StartupState startup, LongSupplier clock) {
		this.monitor = monitor;
		this.startup = startup;
		this.clock = clock;
		this.signals = new HealthSignals(Stream.concat(Stream.of(new AcceptorSignal()), signals.stream()).toList());
		this.policy = new HealthPolicy(settings, monitor.settings().window(),
				() -> ThreadLocalRandom.current().nextDouble());
		this.announcer = new StatusAnnouncer(publisher);
	}

	/**
	 * Return how the event loops are judged.
	 * @return the status
	 */
	public EventLoopStatus status() {
		return judgement().status();
	}

	/**
	 * Return why they are judged that way.
	 * @return the reason, in words and numbers; not meant to be parsed
	 */
	public String reason() {
		return judgement().reason();
	}

	/**
	 * Return how the event loops are judged, and why, at one instant.
	 * @return the judgement of the last second; in service and
	 * {@link EventLoopStatus#DEGRADED} if that ended half a minute ago
	 */
	public Judgement judgement() {
		return judged().judgement;
	}

	/** Both of one second. */
	Judged judged() {
		Judged last = this.judged;
		long silence = this.clock.getAsLong() - last.at;
		boolean overdue = last.snapshot != null && silence >= LONGEST_SILENCE_NANOS;
		return overdue ? last.overdue(TimeUnit.NANOSECONDS.toSeconds(silence)) : last;
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		EventLoopStatus before = this.judged.judgement.status();
		Judgement now = this.policy.judge(Evidence.of(second, this.startup, this.signals.ask(second)));
		this.judged = new Judged(now, second.snapshot(), this.clock.getAsLong());
		if (now.status() != before) {
			this.announcer.announce(new EventLoopStatusChangedEvent(before, now.status(), now.reason()));
		}
	}

	@Override
	public void afterPropertiesSet() {
		this.monitor.addListener(this);
	}

	@Override
	public void destroy() {
		this.monitor.removeListener(this);
		this.announcer.close();
	}

	/**
	 * A judgement and what it rests on.
	 *
	 * @param judgement the judgement
	 * @param snapshot the loops at the end of the judged second, or {@code null} before
	 * the first one
	 * @param at when it was judged
	 */
	record Judged(Judgement judgement, @Nullable EventLoopSnapshot snapshot, long at) {

		Judged overdue(long seconds) {
			return new Judged(new Judgement(EventLoopStatus.DEGRADED, "not judged for " + seconds
					+ " s: eventloop-monitor is held up, such as by a HealthSignal or an EventLoopListener that blocks"),
					this.snapshot, this.at);
		}

	}

}
