package io.github.eventloop.junit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.netty.internal.LiveLoops;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;

/**
 * Recorder of stalls on all loops during one test. It has its own monitor, as that of the
 * application has another threshold and another life cycle.
 */
final class TestStallRecorder implements AutoCloseable {

	/** Short, as a test waits until all that happened during it has been polled. */
	private static final long WAKE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** Timeout for the monitor, which may not get a CPU on a busy machine. */
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** Garbage collectors send the notification of a pause some milliseconds after it. */
	private static final int WAKE_UPS_TO_SETTLE = 15;

	/** Frames of the JVM that load a class, or link a lambda, on first use. */
	private static final List<String> CLASS_LOADING = List.of("java.lang.ClassLoader.",
			"java.lang.invoke.MethodHandleNatives.", "jdk.internal.loader.");

	private final Duration threshold;

	private final EventLoopMonitor monitor;

	private final StallDetector stalls;

	private final @Nullable BlockingCallRecorder blocking;

	/** A permit for each time that the monitor has polled all loops. */
	private final Semaphore polls = new Semaphore(0);

	/** The loops that were in an iteration when the test began. */
	private final Set<String> busyBefore;

	private final Instant startedAt;

	TestStallRecorder(Duration threshold, List<String> applicationPackages, @Nullable BlockingCallRecorder blocking) {
		this.threshold = threshold;
		this.blocking = blocking;
		Duration shortest = Duration.ofSeconds(1);
		this.monitor = new EventLoopMonitor(new MonitorSettings(shortest, shortest, threshold));
		this.stalls = new StallDetector(this.monitor, new StackReader(applicationPackages), StallSettings.DEFAULT);
		this.monitor.addSource(LiveLoops::loops);
		this.stalls.start();
		this.monitor.addListener((LoopPoller) (now) -> {
			this.polls.release();
			return WAKE_UP_NANOS;
		});
		this.monitor.start();
		awaitPolls(1);
		this.busyBefore = LiveLoops.loops()
			.stream()
			.filter((loop) -> loop.view().read().busyNanos() > 0)
			.map(MonitoredLoop::name)
			.collect(Collectors.toUnmodifiableSet());
		this.startedAt = Instant.now();
	}

	/**
	 * Evaluate the test, which has ended.
	 * @return the message if the test fails, or {@code null} if it does not
	 */
	@Nullable String failure() {
		Instant endedAt = Instant.now();
		FailureMessage message = new FailureMessage(this.threshold);
		// Two, as the first poll may have begun before the end of the test.
		awaitPolls(2);
		if (!failures(endedAt).isEmpty()) {
			awaitPolls(WAKE_UPS_TO_SETTLE);
			failures(endedAt).forEach(message::add);
		}
		BlockingCallRecorder view = this.blocking;
		if (view != null) {
			view.calls(this.startedAt, endedAt).forEach((call) -> message.add(call, view.stackOf(call)));
		}
		return message.isEmpty() ? null : message.toString();
	}

	private void awaitPolls(int count) {
		try {
			this.polls.drainPermits();
			this.polls.tryAcquire(count, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private List<Stall> failures(Instant endedAt) {
		return this.stalls.stalls()
			.stream()
			.filter((stall) -> isOfTest(stall) && !stall.startedAt().isAfter(endedAt))
			.filter((stall) -> stall.code().culprit() != null && stall.cause() != StallCause.GC)
			.filter((stall) -> !isClassLoading(stall.samples().stack()) && !BlockingCallRecorder.isProbe(stall.loop()))
			.toList();
	}

	/**
	 * Return whether a stall belongs to the test. The start of a stall may be inaccurate
	 * by some milliseconds, so it is only used where necessary.
	 */
	private boolean isOfTest(Stall stall) {
		return this.busyBefore.contains(stall.loop()) ? stall.startedAt().isAfter(this.startedAt)
				: stall.startedAt().plus(stall.duration()).isAfter(this.startedAt);
	}

	/**
	 * Return whether a loop was loading classes.
	 * @param stack the stack of the loop, innermost frame first
	 * @return whether it was loading classes
	 */
	static boolean isClassLoading(List<String> stack) {
		return stack.stream().anyMatch((line) -> CLASS_LOADING.stream().anyMatch(line::startsWith));
	}

	@Override
	public void close() {
		this.stalls.close();
		this.monitor.close();
	}

}
