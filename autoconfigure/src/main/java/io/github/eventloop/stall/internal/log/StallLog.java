package io.github.eventloop.stall.internal.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.cause.Diagnosis;
import io.github.eventloop.stall.internal.cause.StarvedBy;
import io.github.eventloop.stall.internal.record.BoundedTable;
import io.github.eventloop.stall.internal.record.StallKey;
import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * The log of stalls, with a limited rate: one line for each hotspot and interval, and
 * another one if a stall lasts ten times as long as the one that was logged.
 * <p>
 * Not thread-safe: used only by the thread that writes the log.
 */
final class StallLog {

	private static final int MAX_HOTSPOTS = 100;

	/** Longer stalls are not explained by the first requests. */
	private static final Duration LONGEST_FIRST_REQUEST = Duration.ofSeconds(10);

	private final Duration interval;

	private final LogSink sink;

	private final BoundedTable<StallKey, Entry> entries = new BoundedTable<>(MAX_HOTSPOTS);

	/** The stalls that were logged while in progress: at most one for each loop. */
	private final Set<Long> inProgress = new HashSet<>();

	private final Predicate<Stall> expected;

	private boolean expectedLogged;

	StallLog(Duration interval, LogSink sink, Predicate<Stall> expected) {
		this.interval = interval;
		this.sink = sink;
		this.expected = expected;
	}

	void log(Stall stall) {
		if (isExpected(stall)) {
			logExpected(stall);
			return;
		}
		StallKey key = StallKey.of(stall);
		Entry entry = this.entries.get(key);
		Instant end = stall.startedAt().plus(stall.duration());
		boolean wasLogged = this.inProgress.remove(stall.id());
		boolean logged = true;
		if (entry == null) {
			entry = new Entry();
			this.entries.put(key, entry);
			write(stall, 0, true);
			entry.logged(stall, end);
		}
		else if (isLongFrom(entry.loggedAt, end)) {
			write(stall, entry.suppressed, true);
			entry.logged(stall, end);
		}
		else if (stall.inProgress() ? magnitude(stall) > entry.magnitude : wasLogged) {
			write(stall, 0, false);
			entry.magnitude = Math.max(entry.magnitude, magnitude(stall));
		}
		else {
			entry.suppressed += stall.inProgress() ? 0 : 1;
			logged = wasLogged;
		}
		if (stall.inProgress() && logged) {
			this.inProgress.add(stall.id());
		}
	}

	/**
	 * Compare in either direction: a wall clock that is set back must not suppress the
	 * log until it has caught up.
	 */
	private boolean isLongFrom(Instant logged, Instant end) {
		return Duration.between(logged, end).abs().compareTo(this.interval) >= 0;
	}

	private boolean isExpected(Stall stall) {
		return stall.duration().compareTo(LONGEST_FIRST_REQUEST) < 0
				&& (stall.isClassLoading() || this.expected.test(stall));
	}

	/** Logged once, without a culprit. */
	private void logExpected(Stall stall) {
		if (stall.inProgress() || this.expectedLogged) {
			return;
		}
		this.expectedLogged = true;
		StringBuilder line = new StringBuilder("Event loop ").append(stall.loop())
			.append(" was blocked for ")
			.append(print(stall.duration().toNanos()));
		line.append(" by one of the first requests");
		if (stall.requests().route() != null) {
			line.append(" (").append(ReadableFrame.printable(stall.requests().route())).append(")");
		}
		line.append(", which load classes. This is expected and logged once. To avoid it, exercise these code paths at "
				+ "start-up, before the application reports that it is ready.");
		this.sink.info(line.toString(), fields(stall, 0));
	}

	/** Return 2 for hundreds of milliseconds, 3 for seconds, 4 for tens of seconds. */
	private static int magnitude(Stall stall) {
		return (int) Math.log10(Math.max(1, stall.duration().toMillis()));
	}

	private void write(Stall stall, int suppressed, boolean withStack) {
		StringBuilder line = new StringBuilder("Event loop ").append(stall.loop())
			.append(stall.inProgress() ? " has been blocked for " : " was blocked for ")
			.append(print(stall.duration().toNanos()))
			.append(stall.inProgress() ? " so far by " : " by ")
			.append(stall.summary());
		if (stall.code().entry() != null && !stall.code().entry().equals(stall.code().culprit())) {
			line.append(", called from ").append(stall.code().entry());
		}
		line.append(breakdown(stall));
		if (stall.requests().route() != null) {
			line.append(", in a request to ").append(ReadableFrame.printable(stall.requests().route()));
		}
		if (stall.requests().filter() != null) {
			line.append(", in the filter ").append(ReadableFrame.printable(stall.requests().filter()));
		}
		if (stall.requests().peer() != null) {
			line.append(", while handling a response from ").append(ReadableFrame.printable(stall.requests().peer()));
			if (stall.component() != null) {
				line.append(" (").append(ReadableFrame.printable(stall.component())).append(")");
			}
		}
		else if (stall.component() != null) {
			line.append(", on an event loop of ").append(ReadableFrame.printable(stall.component()));
		}
		if (stall.requests().inFlight() > 0) {
			line.append(", requests in flight on it: ").append(stall.requests().inFlight());
		}
		line.append(". ").append(stall.advice());
		if (suppressed > 0) {
			line.append(" Similar stalls not logged since the last line: ").append(suppressed).append(".");
		}
		if (withStack) {
			for (String frame : stall.samples().stack()) {
				line.append(frame.startsWith("...") ? "\n\t" : "\n\tat ").append(frame);
			}
		}
		this.sink.warn(line.toString(), fields(stall, suppressed));
	}

	/** Return the details that the cause alone does not show. */
	private static String breakdown(Stall stall) {
		List<String> parts = new ArrayList<>();
		if (stall.cause() == StallCause.FLOOD) {
			parts.add("it started " + stall.work().tasksStarted() + " tasks and requests and handled "
					+ stall.work().events() + " ready channels"
					+ (stall.work().oneConnection() ? ", all from one connection" : ""));
		}
		else if (stall.work().oneConnection()) {
			parts.add("all of it in messages from one connection");
		}
		else if (stall.code().doing() != null && stall.work().events() >= Diagnosis.FEWEST_TASKS) {
			parts.add("it handled " + stall.work().events() + " ready channels");
		}
		if (stall.times().starvedNanos() >= StarvedBy.MIN_REPORTED_NANOS) {
			if (stall.cause() == StallCause.COMPUTING) {
				parts.add("it computed for " + print(stall.times().cpuNanos()));
			}
			parts.add("it waited " + print(stall.times().starvedNanos()) + " for a CPU"
					+ ((stall.times().starvedBy() != null) ? " (" + stall.times().starvedBy() + ")" : ""));
		}
		if (stall.cause() != StallCause.GC && stall.times().gcNanos() >= StarvedBy.MIN_REPORTED_NANOS) {
			parts.add("it waited " + print(stall.times().gcNanos()) + " for the garbage collector");
		}
		return parts.isEmpty() ? "" : ": " + String.join(", ", parts);
	}

	private static String print(long nanos) {
		long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
		return (millis < 10_000) ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
	}

	private static Map<String, Object> fields(Stall stall, int suppressed) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("eventloop.stall.id", stall.id());
		fields.put("eventloop.loop", stall.loop());
		fields.put("eventloop.group", stall.group());
		putIfPresent(fields, "eventloop.component", stall.component());
		fields.put("eventloop.stall.durationMillis", stall.duration().toMillis());
		fields.put("eventloop.stall.cpuMillis", TimeUnit.NANOSECONDS.toMillis(stall.times().cpuNanos()));
		fields.put("eventloop.stall.gcMillis", TimeUnit.NANOSECONDS.toMillis(stall.times().gcNanos()));
		fields.put("eventloop.stall.starvedMillis", TimeUnit.NANOSECONDS.toMillis(stall.times().starvedNanos()));
		fields.put("eventloop.stall.inProgress", stall.inProgress());
		fields.put("eventloop.stall.cause", stall.cause().name());
		putIfPresent(fields, "eventloop.stall.culprit", stall.code().culprit());
		putIfPresent(fields, "eventloop.stall.entry", stall.code().entry());
		putIfPresent(fields, "eventloop.stall.doing", stall.code().doing());
		putIfPresent(fields, "eventloop.stall.starvedBy", stall.times().starvedBy());
		putIfPresent(fields, "eventloop.stall.route", stall.requests().route());
		putIfPresent(fields, "eventloop.stall.filter", stall.requests().filter());
		putIfPresent(fields, "eventloop.stall.traceId", stall.requests().traceId());
		putIfPresent(fields, "eventloop.stall.peer", stall.requests().peer());
		fields.put("eventloop.stall.inFlightRequests", stall.requests().inFlight());
		fields.put("eventloop.stall.advice", stall.advice());
		fields.put("eventloop.stall.suppressed", suppressed);
		return fields;
	}

	private static void putIfPresent(Map<String, Object> fields, String key, @Nullable Object value) {
		if (value != null) {
			fields.put(key, value.toString());
		}
	}

	/**
	 * The log state of a hotspot.
	 */
	private static final class Entry {

		private Instant loggedAt = Instant.MIN;

		/** Of the longest stall that was logged since. */
		private int magnitude;

		private int suppressed;

		void logged(Stall stall, Instant at) {
			this.loggedAt = at;
			this.magnitude = magnitude(stall);
			this.suppressed = 0;
		}

	}

}
