package io.github.eventloop.shedding.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * Callers of the {@link SheddingSimulation}: either any number that send requests at
 * random times, or a fixed number, each of which waits for the response, or until its
 * timeout, before it sends the next request. After a shed request it waits for as long as
 * the response says. The server does not learn that a caller has given up: the request
 * remains in its queue.
 */
final class SimulatedCallers {

	private static final long RETRY_AFTER_NANOS = Duration.ofSeconds(2).toNanos();

	private final SplittableRandom random;

	private final PriorityQueue<Event> events = new PriorityQueue<>();

	private final Deque<Request> ready = new ArrayDeque<>();

	private final long timeoutNanos;

	/** Mean time between two requests before {@link #from}, or 0 for a fixed number. */
	private double gapBefore;

	private double gapFrom;

	private long from;

	SimulatedCallers(long timeoutNanos, SplittableRandom random) {
		this.timeoutNanos = timeoutNanos;
		this.random = random;
	}

	/** Send requests at random times. */
	void arriveAtRandom(double gapBefore, double gapFrom, long from) {
		this.gapBefore = gapBefore;
		this.gapFrom = gapFrom;
		this.from = from;
		scheduleNext(0);
	}

	/** Add callers that wait for their responses and stop to send at an instant. */
	void addWaiting(int number, long from, long until) {
		for (int i = 0; i < number; i++) {
			this.events.add(new Event(from + i, null, new Caller(until)));
		}
	}

	/** Return the time of the next event, or {@link Long#MAX_VALUE}. */
	long nextAt() {
		return this.events.isEmpty() ? Long.MAX_VALUE : this.events.peek().at;
	}

	/** Return the number of requests that have arrived until an instant and wait. */
	int arriveUntil(long now) {
		while (nextAt() <= now) {
			Event event = this.events.remove();
			if (event.timedOut == null || event.timedOut.doneAt == 0 || event.timedOut.doneAt > event.at) {
				send(event.at, event.caller);
			}
		}
		return this.ready.size();
	}

	private void send(long at, @Nullable Caller caller) {
		Request request = new Request(at, caller);
		if (caller == null) {
			this.ready.add(request);
			scheduleNext(at);
		}
		else if (at < caller.until) {
			this.ready.add(request);
			this.events.add(new Event(at + this.timeoutNanos, request, caller));
		}
	}

	private void scheduleNext(long now) {
		double gap = (now < this.from) ? this.gapBefore : this.gapFrom;
		this.events.add(new Event(now + 1 + exponential(this.random, gap), null, null));
	}

	static long exponential(SplittableRandom random, double mean) {
		return (long) (-StrictMath.log(1 - random.nextDouble()) * mean);
	}

	Request next() {
		return this.ready.remove();
	}

	/** Record that a request was answered, in time or not, or shed. */
	void done(Request request, long now, boolean shed) {
		request.doneAt = now;
		if (request.caller != null && now - request.at <= this.timeoutNanos) {
			this.events.add(new Event(now + (shed ? RETRY_AFTER_NANOS : 0), null, request.caller));
		}
	}

	static final class Request {

		private final long at;

		private final @Nullable Caller caller;

		private long doneAt;

		Request(long at, @Nullable Caller caller) {
			this.at = at;
			this.caller = caller;
		}

		long at() {
			return this.at;
		}

	}

	private record Caller(long until) {
	}

	/** A request is sent, unless it is the timeout of one that was answered in time. */
	private record Event(long at, @Nullable Request timedOut, @Nullable Caller caller) implements Comparable<Event> {

		@Override
		public int compareTo(Event other) {
			return Long.compare(this.at, other.at);
		}

	}

}
