package io.github.eventloop.monitor.internal.loop;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.RecordedView;
import io.github.eventloop.monitor.internal.thread.LastKnown;

/**
 * A loop whose exceptions do not affect its monitor. A {@link MonitoredLoop} may throw:
 * the monitor then uses its {@linkplain LastKnown last known} values, and the seconds and
 * snapshots of all other loops continue.
 * <p>
 * Thread-safe.
 */
public final class IsolatedLoop implements MonitoredLoop {

	private final MonitoredLoop loop;

	private final RecordedView view;

	private final LastKnown<String> name;

	private final LastKnown<String> group;

	private final LastKnown<Set<LoopRole>> roles;

	private final LastKnown<Optional<String>> component;

	private final LastKnown<Boolean> counted;

	private final LastKnown<Boolean> approximate;

	private final LastKnown<Integer> pendingTasks;

	private final LastKnown<Integer> channels;

	private final LastKnown<Integer> inFlightRequests;

	private final LastKnown<Set<Integer>> listeningPorts;

	private final LastKnown<Boolean> terminated;

	/**
	 * Isolate a loop.
	 * @param loop the loop, whose {@link MonitoredLoop#view()} is a recorder and does not
	 * throw: without one, there is nothing to read
	 * @param failures receives the exceptions and errors of the loop
	 */
	IsolatedLoop(MonitoredLoop loop, Consumer<Throwable> failures) {
		this.loop = loop;
		if (!(loop.view() instanceof RecordedView recorded)) {
			throw new IllegalArgumentException("Event loop " + loop.getClass().getName()
					+ " cannot be monitored: add loops with MonitoredLoopResources or ExternalLoops");
		}
		this.view = recorded;
		this.name = new LastKnown<>(loop::name, "unknown", failures);
		this.group = new LastKnown<>(loop::group, "unknown", failures);
		this.roles = new LastKnown<>(loop::roles, Set.of(), failures);
		this.component = new LastKnown<>(() -> Optional.ofNullable(loop.component()), Optional.empty(), failures);
		this.counted = new LastKnown<>(loop::isCounted, true, failures);
		this.approximate = new LastKnown<>(loop::isApproximate, false, failures);
		this.pendingTasks = new LastKnown<>(loop::pendingTasks, 0, failures);
		this.channels = new LastKnown<>(loop::channels, 0, failures);
		this.inFlightRequests = new LastKnown<>(loop::inFlightRequests, 0, failures);
		this.listeningPorts = new LastKnown<>(loop::listeningPorts, Set.of(), failures);
		this.terminated = new LastKnown<>(loop::isTerminated, false, failures);
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
		return this.name.get();
	}

	@Override
	public String group() {
		return this.group.get();
	}

	@Override
	public Set<LoopRole> roles() {
		return this.roles.get();
	}

	@Override
	public @Nullable String component() {
		return this.component.get().orElse(null);
	}

	@Override
	public boolean isCounted() {
		return this.counted.get();
	}

	@Override
	public boolean isApproximate() {
		return this.approximate.get();
	}

	@Override
	public RecordedView view() {
		return this.view;
	}

	@Override
	public int pendingTasks() {
		return this.pendingTasks.get();
	}

	@Override
	public int channels() {
		return this.channels.get();
	}

	@Override
	public int inFlightRequests() {
		return this.inFlightRequests.get();
	}

	@Override
	public Set<Integer> listeningPorts() {
		return this.listeningPorts.get();
	}

	@Override
	public void execute(Runnable task) {
		this.loop.execute(task);
	}

	@Override
	public boolean isTerminated() {
		return this.terminated.get();
	}

	@Override
	public String toString() {
		return "IsolatedLoop {" + this.name() + '}';
	}

}
