package io.github.eventloop.monitor;

import java.util.Set;
import java.util.function.Consumer;

/**
 * A loop as its monitor reads it. Loops are implemented by others, and may throw: one
 * that does is shown as it was before, and the seconds and snapshots of all others go on.
 * <p>
 * Thread-safe.
 */
final class IsolatedLoop implements MonitoredLoop {

	private final MonitoredLoop loop;

	private final LoopRecorder recorder;

	private final Answer<String> name;

	private final Answer<String> group;

	private final Answer<Set<LoopRole>> roles;

	private final Answer<Boolean> counted;

	private final Answer<Boolean> approximate;

	private final Answer<Integer> pendingTasks;

	private final Answer<Integer> channels;

	private final Answer<Integer> inFlightRequests;

	private final Answer<Set<Integer>> listeningPorts;

	private final Answer<Boolean> terminated;

	/**
	 * Isolate a loop.
	 * @param loop the loop, which must tell its recorder: without, there is nothing to
	 * read
	 * @param failures receives what the loop throws
	 */
	IsolatedLoop(MonitoredLoop loop, Consumer<Throwable> failures) {
		this.loop = loop;
		this.recorder = loop.recorder();
		this.name = new Answer<>(loop::name, "unknown", failures);
		this.group = new Answer<>(loop::group, "unknown", failures);
		this.roles = new Answer<>(loop::roles, Set.of(), failures);
		this.counted = new Answer<>(loop::isCounted, true, failures);
		this.approximate = new Answer<>(loop::isApproximate, false, failures);
		this.pendingTasks = new Answer<>(loop::pendingTasks, 0, failures);
		this.channels = new Answer<>(loop::channels, 0, failures);
		this.inFlightRequests = new Answer<>(loop::inFlightRequests, 0, failures);
		this.listeningPorts = new Answer<>(loop::listeningPorts, Set.of(), failures);
		this.terminated = new Answer<>(loop::isTerminated, false, failures);
	}

	/** Whether this is the isolated side of a loop. */
	boolean is(MonitoredLoop other) {
		return this.loop == other;
	}

	/** The loop itself, by which listeners tell it from others. */
	MonitoredLoop loop() {
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
	public boolean isCounted() {
		return this.counted.get();
	}

	@Override
	public boolean isApproximate() {
		return this.approximate.get();
	}

	@Override
	public LoopRecorder recorder() {
		return this.recorder;
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
