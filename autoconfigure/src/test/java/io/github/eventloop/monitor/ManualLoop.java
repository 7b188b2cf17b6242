package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.ProbeRecorder;

/**
 * A loop that is controlled by a test, in the time of a {@link ManualMonitor}.
 */
public final class ManualLoop implements MonitoredLoop {

	private final ManualMonitor time;

	private final String group;

	private final String name;

	private final LoopRecorder recorder;

	/** Takes the place of the recorder where the loop is external. */
	private @Nullable ProbeRecorder probes;

	private Set<LoopRole> roles = Set.of(LoopRole.SERVER);

	public int pendingTasks;

	public int channels;

	public int inFlightRequests;

	public Set<Integer> listeningPorts = Set.of();

	/** Volatile: read by the monitor's thread where one runs. */
	public volatile boolean terminated;

	private boolean waiting;

	/** Whether the loop is external and measured by probes. */
	private boolean approximate;

	ManualLoop(ManualMonitor time, String group, String name, LoopRecorder recorder) {
		this.time = time;
		this.group = group;
		this.name = name;
		this.recorder = recorder;
	}

	/** Start on the calling thread, and enter the poll. */
	public ManualLoop start() {
		this.recorder.started(this.time.now());
		return idle();
	}

	/** Enter the poll, and stay idle. */
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

	/** Send a probe to the loop, whose thread is the calling one. */
	public ManualLoop probeSent() {
		this.approximate = true;
		probes().probeSent(Thread.currentThread(), this.time.now());
		return this;
	}

	/** Run the probe. */
	public ManualLoop probeCompleted() {
		probes().probeCompleted(this.time.now());
		return this;
	}

	/** Reject the probe. */
	public ManualLoop probeRejected() {
		probes().probeRejected();
		return this;
	}

	/** Be measured approximately, even before the first probe. */
	public ManualLoop approximate() {
		this.approximate = true;
		return this;
	}

	public ManualLoop events(int number) {
		this.recorder.handled(number);
		return this;
	}

	public ManualLoop tasks() {
		this.recorder.taskPhaseStarted(this.time.now());
		return this;
	}

	/** Be busy for some time, then idle again. */
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

	/** Leave the poll, let time pass with I/O and then with tasks, and be idle again. */
	public void iterate(int events, Duration io, Duration tasks) {
		busy();
		this.time.pass(io);
		events(events).tasks();
		this.time.pass(tasks);
		idle();
	}

	/** Run an iteration after a poll that did not wait. */
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
	public LoopView view() {
		return this.approximate ? probes() : this.recorder;
	}

	private ProbeRecorder probes() {
		if (this.probes == null) {
			this.probes = new ProbeRecorder(this.time::now);
		}
		return this.probes;
	}

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
