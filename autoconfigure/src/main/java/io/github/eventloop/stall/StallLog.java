package io.github.eventloop.stall;

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

/**
 * Decides which stalls are worth a line in the log: of each hotspot one in an interval,
 * and one more where a stall lasts ten times as long as the one that was logged.
 * <p>
 * Not thread-safe: the thread that writes the lines is the only one to use it.
 */
final class StallLog {

	private static final int MOST_HOTSPOTS = 100;

	/** What takes longer is more than a first request has to wait for. */
	private static final Duration LONGEST_FIRST_REQUEST = Duration.ofSeconds(10);

	private final Duration interval;

	private final LogSink sink;

	/** In the order in which they were seen last. */
	private final LinkedHashMap<StallKey, Entry> entries = new LinkedHashMap<>();

	/** The stalls that were logged while in progress: at most one of each loop. */
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
		Entry entry = this.entries.remove(key);
		Instant end = stall.startedAt().plus(stall.duration());
		boolean wasLogged = this.inProgress.remove(stall.id());
		boolean logged = true;
		if (entry == null) {
			makeRoom();
			entry = new Entry();
			write(stall, 0, true);
			entry.logged(stall, end);
		}
		else if (isLongFrom(entry.loggedAt, end)) {
			write(stall, entry.leftOut, true);
			entry.logged(stall, end);
		}
		else if (stall.inProgress() ? magnitude(stall) > entry.magnitude : wasLogged) {
			write(stall, 0, false);
			entry.magnitude = Math.max(entry.magnitude, magnitude(stall));
		}
		else {
			entry.leftOut += stall.inProgress() ? 0 : 1;
			logged = wasLogged;
		}
		if (stall.inProgress() && logged) {
			this.inProgress.add(stall.id());
		}
		this.entries.put(key, entry);
	}

	/**
	 * In either direction: a wall clock that was set back must not silence the log until
	 * it has caught up.
	 */
	private boolean isLongFrom(Instant logged, Instant end) {
		return Duration.between(logged, end).abs().compareTo(this.interval) >= 0;
	}

	private boolean isExpected(Stall stall) {
		return stall.duration().compareTo(LONGEST_FIRST_REQUEST) < 0
				&& (stall.isClassLoading() || this.expected.test(stall));
	}

	/** Once is enough, and no line is to blame. */
	private void logExpected(Stall stall) {
		if (stall.inProgress() || this.expectedLogged) {
			return;
		}
		this.expectedLogged = true;
		StringBuilder line = new StringBuilder("Event loop ").append(stall.loop())
			.append(" was held up for ")
			.append(print(stall.duration().toNanos()));
		line.append(" by one of the first requests");
		if (stall.route() != null) {
			line.append(" (").append(ReadableFrame.printable(stall.route())).append(")");
		}
		line.append(
				", which load classes. This is expected, and logged once. To spare the first callers, walk their paths at "
						+ "start-up, before the application reports that it is ready.");
		this.sink.info(line.toString(), fields(stall, 0));
	}

	private void makeRoom() {
		if (this.entries.size() == MOST_HOTSPOTS) {
			this.entries.remove(this.entries.keySet().iterator().next());
		}
	}

	/** 2 for hundreds of milliseconds, 3 for seconds, 4 for tens of seconds. */
	private static int magnitude(Stall stall) {
		return (int) Math.log10(Math.max(1, stall.duration().toMillis()));
	}

	private void write(Stall stall, int leftOut, boolean withStack) {
		StringBuilder line = new StringBuilder("Event loop ").append(stall.loop())
			.append(stall.inProgress() ? " has been blocked for " : " was blocked for ")
			.append(print(stall.duration().toNanos()))
			.append(stall.inProgress() ? " and still is, by " : " by ")
			.append(stall.summary());
		if (stall.entry() != null && !stall.entry().equals(stall.culprit())) {
			line.append(", called from ").append(stall.entry());
		}
		line.append(whereTheTimeWent(stall));
		if (stall.route() != null) {
			line.append(", in a request to ").append(ReadableFrame.printable(stall.route()));
		}
		if (stall.inFlightRequests() > 0) {
			line.append(", requests in flight on it: ").append(stall.inFlightRequests());
		}
		line.append(". ").append(stall.advice());
		if (leftOut > 0) {
			line.append(" Not logged since the last line like this: ").append(leftOut).append(".");
		}
		if (withStack) {
			for (String frame : stall.stack()) {
				line.append(frame.startsWith("...") ? "\n\t" : "\n\tat ").append(frame);
			}
		}
		this.sink.warn(line.toString(), fields(stall, leftOut));
	}

	/** What the cause alone does not tell. */
	private static String whereTheTimeWent(Stall stall) {
		List<String> parts = new ArrayList<>();
		if (stall.cause() == StallCause.FLOOD) {
			parts.add("it began with " + stall.steps() + " tasks and requests and handled " + stall.events()
					+ " ready channels" + (stall.oneConnection() ? ", all of one connection" : ""));
		}
		else if (stall.oneConnection()) {
			parts.add("all of it in messages of one connection");
		}
		else if (stall.doing() != null && stall.events() >= Diagnosis.FEWEST_STEPS) {
			parts.add("it handled " + stall.events() + " ready channels");
		}
		if (stall.starvedNanos() >= StarvedBy.LEAST_NANOS) {
			if (stall.cause() == StallCause.COMPUTING) {
				parts.add("it computed for " + print(stall.cpuNanos()));
			}
			parts.add("it waited " + print(stall.starvedNanos()) + " for a CPU"
					+ ((stall.starvedBy() != null) ? " (" + stall.starvedBy() + ")" : ""));
		}
		if (stall.cause() != StallCause.GC && stall.gcNanos() >= StarvedBy.LEAST_NANOS) {
			parts.add("it waited " + print(stall.gcNanos()) + " for the garbage collector");
		}
		return parts.isEmpty() ? "" : ": " + String.join(", ", parts);
	}

	private static String print(long nanos) {
		long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
		return (millis < 10_000) ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1e3);
	}

	private static Map<String, Object> fields(Stall stall, int leftOut) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("eventloop.stall.id", stall.id());
		fields.put("eventloop.loop", stall.loop());
		fields.put("eventloop.group", stall.group());
		fields.put("eventloop.stall.durationMillis", stall.duration().toMillis());
		fields.put("eventloop.stall.cpuMillis", TimeUnit.NANOSECONDS.toMillis(stall.cpuNanos()));
		fields.put("eventloop.stall.gcMillis", TimeUnit.NANOSECONDS.toMillis(stall.gcNanos()));
		fields.put("eventloop.stall.starvedMillis", TimeUnit.NANOSECONDS.toMillis(stall.starvedNanos()));
		fields.put("eventloop.stall.inProgress", stall.inProgress());
		fields.put("eventloop.stall.cause", stall.cause().name());
		putIfPresent(fields, "eventloop.stall.culprit", stall.culprit());
		putIfPresent(fields, "eventloop.stall.entry", stall.entry());
		putIfPresent(fields, "eventloop.stall.doing", stall.doing());
		putIfPresent(fields, "eventloop.stall.starvedBy", stall.starvedBy());
		putIfPresent(fields, "eventloop.stall.route", stall.route());
		putIfPresent(fields, "eventloop.stall.traceId", stall.traceId());
		fields.put("eventloop.stall.inFlightRequests", stall.inFlightRequests());
		fields.put("eventloop.stall.advice", stall.advice());
		fields.put("eventloop.stall.leftOut", leftOut);
		return fields;
	}

	private static void putIfPresent(Map<String, Object> fields, String key, @Nullable Object value) {
		if (value != null) {
			fields.put(key, value.toString());
		}
	}

	/**
	 * What was logged of a hotspot.
	 */
	private static final class Entry {

		private Instant loggedAt = Instant.MIN;

		/** Of the longest that was logged since. */
		private int magnitude;

		private int leftOut;

		void logged(Stall stall, Instant at) {
			this.loggedAt = at;
			this.magnitude = magnitude(stall);
			this.leftOut = 0;
		}

	}

}
