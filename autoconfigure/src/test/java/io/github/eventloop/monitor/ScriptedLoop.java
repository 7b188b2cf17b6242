package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A loop that does what the test says, at the times of a clock that the test moves.
 */
final class ScriptedLoop implements MonitoredLoop {

	private final String name;

	private final AtomicLong clock;

	private final LoopRecorder recorder;

	private int channels;

	private boolean terminated;

	private boolean waiting;

	ScriptedLoop(String name, AtomicLong clock) {
		this.name = name;
		this.clock = clock;
		this.recorder = new LoopRecorder(clock::get);
	}

	ScriptedLoop start() {
		this.recorder.started(this.clock.get());
		return idle();
	}

	/** Enter the poll, and stay there. */
	ScriptedLoop idle() {
		this.recorder.waiting(this.clock.get());
		this.waiting = true;
		return this;
	}

	/** Leave the poll, and stay busy. */
	ScriptedLoop busy() {
		this.recorder.polled(this.clock.get());
		this.waiting = false;
		return this;
	}

	ScriptedLoop events(int number) {
		this.recorder.handled(number);
		return this;
	}

	ScriptedLoop tasks() {
		this.recorder.tasksStarted(this.clock.get());
		return this;
	}

	/** Be busy for some time, then wait again. The clock moves. */
	ScriptedLoop iteration(Duration length) {
		if (this.waiting) {
			busy();
		}
		this.clock.addAndGet(length.toNanos());
		return idle();
	}

	ScriptedLoop channels(int channels) {
		this.channels = channels;
		return this;
	}

	void terminate() {
		this.recorder.stopped(this.clock.get());
		this.terminated = true;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String group() {
		return "test";
	}

	@Override
	public Set<LoopRole> roles() {
		return EnumSet.of(LoopRole.SERVER);
	}

	@Override
	public LoopRecorder recorder() {
		return this.recorder;
	}

	@Override
	public int pendingTasks() {
		return 0;
	}

	@Override
	public int channels() {
		return this.channels;
	}

	@Override
	public int inFlightRequests() {
		return this.recorder.inFlightRequests();
	}

	@Override
	public boolean isTerminated() {
		return this.terminated;
	}

}
