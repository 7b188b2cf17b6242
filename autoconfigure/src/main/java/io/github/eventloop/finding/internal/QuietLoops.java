package io.github.eventloop.finding.internal;

import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * {@link EventLoopListener} that tracks since when loops with requests in flight have
 * been idle: these requests wait for something that does not happen on the loop.
 */
public final class QuietLoops implements EventLoopListener {

	/**
	 * Volatile: replaced once a second by the monitor thread, read by any thread.
	 */
	private volatile List<QuietLoop> loops = List.of();

	@Override
	public void onSecond(EventLoopSecond second) {
		List<QuietLoop> before = this.loops;
		List<QuietLoop> now = new ArrayList<>();
		for (LoopSnapshot loop : second.snapshot().loops()) {
			if (loop.state() == LoopState.IDLE && loop.counted() && loop.load().inFlightRequests() > 0) {
				now.add(before.stream()
					.filter((known) -> known.id() == loop.id() && known.events() == loop.totals().events())
					.findFirst()
					.map((known) -> new QuietLoop(loop.id(), loop.name(),
							Math.min(known.requests(), loop.load().inFlightRequests()), known.events(), known.since()))
					.orElseGet(() -> new QuietLoop(loop.id(), loop.name(), loop.load().inFlightRequests(),
							loop.totals().events(), second.snapshot().at())));
			}
		}
		this.loops = List.copyOf(now);
	}

	/**
	 * Return the loops with requests in flight on which nothing happens.
	 * @return the loops
	 */
	public List<QuietLoop> list() {
		return this.loops;
	}

}
