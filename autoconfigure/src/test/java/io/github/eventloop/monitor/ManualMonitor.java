package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A monitor whose time passes only when a test says so.
 */
public final class ManualMonitor {

	private final AtomicLong clock = new AtomicLong(Duration.ofHours(1).toNanos());

	private final List<ManualLoop> loops = new ArrayList<>();

	/** What the operating system tells, by port. */
	public final Map<Integer, Integer> connectionsWaiting = new HashMap<>();

	private final EventLoopMonitor monitor = another(MonitorSettings.DEFAULT);

	/** Watch the same loops with another monitor in the same time. */
	EventLoopMonitor another(MonitorSettings settings) {
		EventLoopMonitor another = new EventLoopMonitor(settings, this.clock::get, (ports) -> this.connectionsWaiting);
		another.watch(() -> List.copyOf(this.loops));
		return another;
	}

	public EventLoopMonitor monitor() {
		return this.monitor;
	}

	/** Watch another loop, which lives in this monitor's time and has not started. */
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
