package io.github.eventloop.monitor.internal.loop;

import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.RecordedView;

/**
 * A loop whose exceptions do not affect its monitor. A {@link MonitoredLoop} may throw:
 * the monitor then uses its last known values, and the seconds and snapshots of all other
 * loops continue.
 * <p>
 * Thread-safe: concurrent callers may see the result of either call.
 */
public final class IsolatedLoop implements MonitoredLoop {

	private final MonitoredLoop loop;

	private final RecordedView view;

	private final Consumer<Throwable> failures;

	/**
	 * Last known name. Volatile, as are the other last known values: written and read by
	 * all calling threads.
	 */
	private volatile String name = "unknown";

	private volatile String group = "unknown";

	private volatile Set<LoopRole> roles = Set.of();

	private volatile @Nullable String component;

	private volatile boolean counted = true;

	private volatile boolean approximate;

	private volatile int pendingTasks;

	private volatile int channels;

	private volatile int inFlightRequests;

	private volatile Set<Integer> listeningPorts = Set.of();

	private volatile boolean terminated;

	/**
	 * Isolate a loop.
	 * @param loop the loop, whose {@link MonitoredLoop#view()} is a recorder and does not
	 * throw: without one, there is nothing to read
	 * @param failures receives the exceptions and errors of the loop
	 */
	IsolatedLoop(MonitoredLoop loop, Consumer<Throwable> failures) {
		this.loop = loop;
		this.failures = failures;
		if (!(loop.view() instanceof RecordedView recorded)) {
			throw new IllegalArgumentException("Event loop " + loop.getClass().getName()
					+ " cannot be monitored: add loops with MonitoredLoopResources or ExternalLoops");
		}
		this.view = recorded;
	}

	/** Return whether this isolates the given loop. */
	boolean is(MonitoredLoop other) {
		return this.loop == other;
	}

	/** Return the loop itself, by which listeners identify it. */
	public MonitoredLoop loop() {
		return this.loop;
	}

	@Override
	public String name() {
		try {
			this.name = this.loop.name();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.name;
	}

	@Override
	public String group() {
		try {
			this.group = this.loop.group();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.group;
	}

	@Override
	public Set<LoopRole> roles() {
		try {
			this.roles = this.loop.roles();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.roles;
	}

	@Override
	public @Nullable String component() {
		try {
			this.component = this.loop.component();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.component;
	}

	@Override
	public boolean isCounted() {
		try {
			this.counted = this.loop.isCounted();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.counted;
	}

	@Override
	public boolean isApproximate() {
		try {
			this.approximate = this.loop.isApproximate();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.approximate;
	}

	@Override
	public RecordedView view() {
		return this.view;
	}

	@Override
	public int pendingTasks() {
		try {
			this.pendingTasks = this.loop.pendingTasks();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.pendingTasks;
	}

	@Override
	public int channels() {
		try {
			this.channels = this.loop.channels();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.channels;
	}

	@Override
	public int inFlightRequests() {
		try {
			this.inFlightRequests = this.loop.inFlightRequests();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.inFlightRequests;
	}

	@Override
	public Set<Integer> listeningPorts() {
		try {
			this.listeningPorts = this.loop.listeningPorts();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.listeningPorts;
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public boolean isTerminated() {
		try {
			this.terminated = this.loop.isTerminated();
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
		}
		return this.terminated;
	}

	@Override
	public String toString() {
		return "IsolatedLoop {" + this.name() + '}';
	}

}
