package io.github.eventloop.shedding;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.Announcer;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * The refusals on all loops. Loops only count; once a second the monitor's thread adds up
 * and logs, for a loop that lags has no time for it.
 */
final class Refusals implements EventLoopListener, AutoCloseable {

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final int QUEUE_CAPACITY = 64;

	private static final Log logger = LogFactory.getLog(SheddingWebFilter.class);

	/** A log that takes its time must not hold up the monitor's thread. */
	private final Announcer lines = Announcer.ofLog(QUEUE_CAPACITY);

	/** Loops add themselves; the monitor's thread takes out those that have ended. */
	private final Map<MonitoredLoop, LoopRefusals> loops = new ConcurrentHashMap<>();

	/** By group. Written by the monitor's thread, read by any. */
	private final Map<String, Long> totals = new ConcurrentHashMap<>();

	/** Used by the monitor's thread, and no other, as are the two below it. */
	private final Map<MonitoredLoop, Report> reports = new HashMap<>();

	private @Nullable Duration failureLoggedAt;

	private long failuresLogged;

	/** Counted by loops, read by the monitor's thread. */
	private final AtomicLong failures = new AtomicLong();

	/**
	 * The newest, or {@code null} if all are logged. Volatile: written by loops and by
	 * the monitor's thread.
	 */
	private volatile @Nullable Failure failure;

	/**
	 * Return what is known of a loop. To be called by its thread.
	 * @param loop the loop
	 * @return its refusals
	 */
	LoopRefusals of(MonitoredLoop loop) {
		LoopRefusals known = this.loops.get(loop);
		return (known != null) ? known : this.loops.computeIfAbsent(loop, (key) -> new LoopRefusals());
	}

	/**
	 * Note that nothing was refused because nobody could say whether it should be.
	 * @param reason why
	 * @param cause the exception, if there was one
	 */
	void failed(String reason, @Nullable Throwable cause) {
		this.failures.incrementAndGet();
		this.failure = new Failure(reason, cause);
	}

	/**
	 * Return how many requests were refused on the loops of a group, those that have
	 * ended included.
	 * @param group the name of the group
	 * @return the number at the end of the last second
	 */
	long total(String group) {
		return this.totals.getOrDefault(group, 0L);
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		Duration now = Duration.ofNanos(second.snapshot().nanoTime());
		this.loops.forEach((loop, refusals) -> {
			// Asked first: once a loop has ended, it refuses no more.
			boolean ended = loop.isTerminated();
			Report report = this.reports.computeIfAbsent(loop, (key) -> new Report());
			this.totals.merge(loop.group(), report.add(refusals.refused()), Long::sum);
			if (report.isDue(now)) {
				long refused = report.logged(now);
				this.lines.announce(() -> logger.info("Refused " + refused + ((refused == 1) ? " request" : " requests")
						+ " (503) on event loop " + loop.name() + ", which lags. Logged at most once a minute."));
			}
			if (ended) {
				this.loops.remove(loop);
				this.reports.remove(loop);
			}
		});
		logFailure(now);
	}

	private void logFailure(Duration now) {
		Failure failure = this.failure;
		if (failure != null
				&& (this.failureLoggedAt == null || now.minus(this.failureLoggedAt).compareTo(LOG_INTERVAL) >= 0)) {
			// First: what fails from now on is another one to log.
			this.failure = null;
			long failures = this.failures.get();
			long news = failures - this.failuresLogged;
			this.lines
				.announce(() -> logger.warn(
						failure.reason() + ", so nothing was refused: " + news
								+ " times since the last line like this. Logged at most once a minute.",
						failure.cause()));
			this.failuresLogged = failures;
			this.failureLoggedAt = now;
		}
	}

	@Override
	public void close() {
		this.lines.finish();
	}

	private record Failure(String reason, @Nullable Throwable cause) {
	}

	/**
	 * What was told of a loop.
	 */
	private static final class Report {

		private long added;

		private long logged;

		private @Nullable Duration loggedAt;

		/** Return how many are new. */
		long add(long refused) {
			long news = refused - this.added;
			this.added = refused;
			return news;
		}

		boolean isDue(Duration now) {
			return this.added > this.logged
					&& (this.loggedAt == null || now.minus(this.loggedAt).compareTo(LOG_INTERVAL) >= 0);
		}

		/** Return how many were not logged before. */
		long logged(Duration now) {
			long news = this.added - this.logged;
			this.logged = this.added;
			this.loggedAt = now;
			return news;
		}

	}

}
