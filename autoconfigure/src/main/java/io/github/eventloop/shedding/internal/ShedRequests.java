package io.github.eventloop.shedding.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.thread.FailureLog;
import io.github.eventloop.monitor.internal.thread.LogThread;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * Counts and logs the requests shed on all event loops. Event loop threads only count.
 * Once a second the monitor thread adds up the counts and logs them, since an event loop
 * that lags has no time for it.
 */
public final class ShedRequests implements EventLoopListener, AutoCloseable {

	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(SheddingPolicy.class);

	private final FailureLog failureLog = new FailureLog(logger);

	/** Added to by event loop threads. The monitor thread removes terminated loops. */
	private final Map<MonitoredLoop, LoopShedding> loops = new ConcurrentHashMap<>();

	/** Totals by group. Written by the monitor thread, read by any thread. */
	private final Map<String, Long> totals = new ConcurrentHashMap<>();

	/** Requests shed on terminated loops. Written by the monitor thread, read by any. */
	private final AtomicLong ended = new AtomicLong();

	/** Used by the monitor thread only. */
	private final Map<MonitoredLoop, Report> reports = new HashMap<>();

	/** Incremented by event loop threads, reset by the monitor thread. */
	private final AtomicLong failures = new AtomicLong();

	/**
	 * The latest failure, or {@code null} if all have been recorded. Volatile: written by
	 * event loop threads and by the monitor thread.
	 */
	private volatile @Nullable Failure failure;

	/**
	 * Return the shedding state of a loop. Must be called on the thread of that loop.
	 * @param loop the loop
	 * @return its shedding state
	 */
	LoopShedding of(MonitoredLoop loop) {
		LoopShedding existing = this.loops.get(loop);
		return (existing != null) ? existing : this.loops.computeIfAbsent(loop, (key) -> new LoopShedding());
	}

	/**
	 * Record that a request was not shed because the decision failed.
	 * @param reason the reason of the failure, for the log
	 * @param cause the exception, if there was one
	 */
	void recordFailure(String reason, @Nullable Throwable cause) {
		this.failures.incrementAndGet();
		this.failure = new Failure(reason, cause);
	}

	/**
	 * Return the number of requests shed on the loops of a group, including terminated
	 * loops.
	 * @param group the name of the group
	 * @return the number at the end of the last second
	 */
	long total(String group) {
		return this.totals.getOrDefault(group, 0L);
	}

	/** Return the number of requests shed on all loops so far. */
	public long total() {
		return this.ended.get() + this.loops.values().stream().mapToLong(LoopShedding::shed).sum();
	}

	@Override
	public void onSecond(EventLoopSecond second) {
		Duration now = Duration.ofNanos(second.snapshot().nanoTime());
		this.loops.forEach((loop, shedding) -> {
			// Read before the count, which is final once the loop has terminated.
			boolean terminated = loop.isTerminated();
			Report report = this.reports.computeIfAbsent(loop, (key) -> new Report());
			this.totals.merge(loop.group(), report.add(shedding.shed()), Long::sum);
			if (report.isLogDue(now)) {
				long shed = report.markLogged(now);
				LogThread.write(() -> logger.info("Event loop " + loop.name() + " lags: shed " + shed
						+ ((shed == 1) ? " request" : " requests") + " (503). Logged at most once a minute."));
			}
			if (terminated) {
				this.ended.addAndGet(shedding.shed());
				this.loops.remove(loop);
				this.reports.remove(loop);
			}
		});
		logFailure();
	}

	private void logFailure() {
		Failure failure = this.failure;
		if (failure != null) {
			// Reset first, so that a concurrent failure is logged the next time.
			this.failure = null;
			this.failureLog.failed(failure.reason() + ", so no request was shed", failure.cause(),
					this.failures.getAndSet(0));
		}
	}

	@Override
	public void close() {
		LogThread.flush();
	}

	private record Failure(String reason, @Nullable Throwable cause) {
	}

	/**
	 * Counts of one loop that were already added to the total and logged.
	 */
	private static final class Report {

		private long added;

		private long logged;

		private @Nullable Duration loggedAt;

		/** Set the count of the loop, and return by how much it has grown. */
		long add(long shed) {
			long growth = shed - this.added;
			this.added = shed;
			return growth;
		}

		boolean isLogDue(Duration now) {
			return this.added > this.logged
					&& (this.loggedAt == null || now.minus(this.loggedAt).compareTo(LOG_INTERVAL) >= 0);
		}

		/** Mark the count as logged, and return the number not logged before. */
		long markLogged(Duration now) {
			long unlogged = this.added - this.logged;
			this.logged = this.added;
			this.loggedAt = now;
			return unlogged;
		}

	}

}
