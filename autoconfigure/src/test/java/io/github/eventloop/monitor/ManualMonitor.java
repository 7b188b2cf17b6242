package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

/**
 * A monitor with a clock that is controlled by a test.
 */
public final class ManualMonitor {

	private final AtomicLong clock = new AtomicLong(Duration.ofHours(1).toNanos());

	private final List<ManualLoop> loops = new ArrayList<>();

	/** The number of connections waiting to be accepted, by port. */
	public final Map<Integer, Integer> connectionsWaiting = new HashMap<>();

	private final EventLoopMonitor monitor = another(MonitorSettings.DEFAULT);

	/** Create another monitor of the same loops with the same clock. */
	public EventLoopMonitor another(MonitorSettings settings) {
		EventLoopMonitor another = new EventLoopMonitor(settings, this.clock::get, (ports) -> this.connectionsWaiting);
		another.addSource(() -> List.copyOf(this.loops));
		return another;
	}

	public EventLoopMonitor monitor() {
		return this.monitor;
	}

	/** Add a loop that uses the clock of this monitor and has not started. */
	public ManualLoop addLoop(String group, String name) {
		ManualLoop loop = new ManualLoop(this, group, name, new LoopRecorder(this.clock::get));
		this.loops.add(loop);
		return loop;
	}

	public long now() {
		return this.clock.get();
	}

	public void pass(Duration duration) {
		this.clock.addAndGet(duration.toNanos());
	}

	public void pause(Duration duration) {
		long from = now();
		pass(duration);
		this.monitor.pauses().add(from, now());
	}

	public void endSecond() {
		this.monitor.endSecond();
	}

}
