package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.Set;

/**
 * A loop that does what a test says, in the time of a {@link ManualMonitor}.
 */
public final class ManualLoop implements MonitoredLoop {

	private final ManualMonitor time;

	private final String group;

	private final String name;

	private final LoopRecorder recorder;

	private Set<LoopRole> roles = Set.of(LoopRole.SERVER);

	public int pendingTasks;

	public int channels;

	public int inFlightRequests;

	public Set<Integer> listeningPorts = Set.of();

	/** Volatile: read by the monitor's thread where one runs. */
	public volatile boolean terminated;

	private boolean waiting;

	/** Whether others ask the loop, which notes nothing itself. */
	private boolean approximate;

	ManualLoop(ManualMonitor time, String group, String name, LoopRecorder recorder) {
		this.time = time;
		this.group = group;
		this.name = name;
		this.recorder = recorder;
	}

	/** Start on the calling thread, and wait for events. */
	public ManualLoop start() {
		this.recorder.started(this.time.now());
		return idle();
	}

	/** Enter the poll, and stay there. */
	public ManualLoop idle() {
		this.recorder.waiting(this.time.now());
		this.waiting = true;
		return this;
	}

	/** Leave the poll, and stay busy. */
	public ManualLoop busy() {
		this.recorder.polled(this.time.now());
		this.waiting = false;
		return this;
	}

	/** Send the loop a task, on the thread that is to be taken for its own. */
	public ManualLoop asked() {
		this.approximate = true;
		this.recorder.asked(Thread.currentThread(), this.time.now());
		return this;
	}

	/** Have that task run. */
	public ManualLoop answered() {
		this.recorder.answered(this.time.now());
		return this;
	}

	/** Be known for nothing but its answers, even before the first. */
	public ManualLoop foreign() {
		this.approximate = true;
		return this;
	}

	public ManualLoop events(int number) {
		this.recorder.handled(number);
		return this;
	}

	public ManualLoop tasks() {
		this.recorder.tasksStarted(this.time.now());
		return this;
	}

	/** Be busy for some time, then wait again. */
	public ManualLoop iteration(Duration length) {
		if (this.waiting) {
			busy();
		}
		this.time.pass(length);
		return idle();
	}

	public ManualLoop in(LoopRole... roles) {
		this.roles = Set.of(roles);
		return this;
	}

	public ManualLoop carrying(int channels) {
		this.channels = channels;
		return this;
	}

	public void terminate() {
		this.recorder.stopped(this.time.now());
		this.terminated = true;
	}

	/** Let time pass in the poll. */
	public void idle(Duration duration) {
		this.time.pass(duration);
	}

	/** Wake up, let time pass with events and then with tasks, and wait again. */
	public void iterate(int events, Duration io, Duration tasks) {
		busy();
		this.time.pass(io);
		events(events).tasks();
		this.time.pass(tasks);
		idle();
	}

	/** Come from a poll that did not need to wait. */
	public void iterateAtOnce(int events) {
		busy().busy().events(events).idle();
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String group() {
		return this.group;
	}

	@Override
	public Set<LoopRole> roles() {
		return this.roles;
	}

	@Override
	public boolean isApproximate() {
		return this.approximate;
	}

	@Override
	public LoopRecorder recorder() {
		return this.recorder;
	}

	@Override
	public int pendingTasks() {
		return this.pendingTasks;
	}

	@Override
	public int channels() {
		return this.channels;
	}

	@Override
	public int inFlightRequests() {
		return this.inFlightRequests;
	}

	@Override
	public Set<Integer> listeningPorts() {
		return this.listeningPorts;
	}

	@Override
	public void execute(Runnable task) {
		task.run();
	}

	@Override
	public boolean isTerminated() {
		return this.terminated;
	}

}
