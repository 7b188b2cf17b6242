package io.github.eventloop.monitor.internal.loop;

import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LongIteration;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Stalls that have ended and that the listeners have not been notified of yet, and the
 * number of stalls of loops that have been removed.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class EndedStalls {

	private final long thresholdNanos;

	private final List<EndedStall> ended = new ArrayList<>();

	private long ofRemovedLoops;

	public EndedStalls(MonitorSettings settings) {
		this.thresholdNanos = settings.stallThreshold().toNanos();
	}

	/**
	 * Add the stalls of a loop that ended since the last call.
	 * @param entry the loop
	 */
	public void addFrom(LoopEntry entry) {
		for (LongIteration iteration : entry.history().stalls().takeEnded()) {
			this.ended.add(new EndedStall(entry.loop().loop(), iteration));
		}
	}

	/**
	 * Add the last stalls of a loop that is being removed. Ends its stall in progress:
	 * the monitor would not observe its real end.
	 * @param removed the loop
	 */
	public void addLastFrom(LoopEntry removed) {
		addFrom(removed);
		LoopReading reading = removed.loop().view().read();
		if (reading.busyNanos() > this.thresholdNanos) {
			this.ofRemovedLoops++;
			this.ended.add(new EndedStall(removed.loop().loop(), new LongIteration(reading.at() - reading.busyNanos(),
					reading.at(), 0, removed.loop().view().iterationTasksStarted(), 0)));
		}
		this.ofRemovedLoops += removed.history().stalls().count();
	}

	/**
	 * Return the number of stalls of removed loops.
	 * @return the number
	 */
	public long ofRemovedLoops() {
		return this.ofRemovedLoops;
	}

	/**
	 * Return the stalls added since the last call.
	 * @return the stalls
	 */
	public List<EndedStall> take() {
		List<EndedStall> taken = List.copyOf(this.ended);
		this.ended.clear();
		return taken;
	}

	/**
	 * A stall that has ended.
	 *
	 * @param loop the loop, as listeners identify it
	 * @param iteration the iteration
	 */
	public record EndedStall(MonitoredLoop loop, LongIteration iteration) {
	}

}
