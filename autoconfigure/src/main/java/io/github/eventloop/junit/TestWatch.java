package io.github.eventloop.junit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.LiveLoops;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallSettings;
import io.github.eventloop.stall.StallWatch;

/**
 * Watches all loops for as long as one test runs, with a monitor of its own, for the
 * application's has another threshold and another life.
 */
final class TestWatch implements AutoCloseable {

	/** A test must not wait long for what has happened in it to be seen. */
	private static final long WAKE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** A machine may be so busy that nobody looks, and then nobody stalls it either. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** The collectors tell of a pause some milliseconds after it. */
	private static final int WAKE_UPS_TO_SETTLE = 15;

	/** What the first who needs a class or a lambda has to wait for. */
	private static final List<String> CLASS_LOADING = List.of("java.lang.ClassLoader.",
			"java.lang.invoke.MethodHandleNatives.", "jdk.internal.loader.");

	private final Duration threshold;

	private final EventLoopMonitor monitor;

	private final StallWatch stalls;

	private final @Nullable BlockingWatch blocking;

	/** One for each time that the monitor has looked at all loops. */
	private final Semaphore looks = new Semaphore(0);

	/** The loops that were in an iteration when the test began. */
	private final Set<String> busyBefore;

	private final Instant startedAt;

	TestWatch(Duration threshold, List<String> applicationPackages, @Nullable BlockingWatch blocking) {
		this.threshold = threshold;
		this.blocking = blocking;
		Duration shortest = Duration.ofSeconds(1);
		this.monitor = new EventLoopMonitor(new MonitorSettings(shortest, shortest, threshold));
		this.stalls = new StallWatch(this.monitor, new StackReader(applicationPackages), StallSettings.DEFAULT);
		this.monitor.watch(LiveLoops::loops);
		this.stalls.start();
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public long onWakeUp(long now) {
				TestWatch.this.looks.release();
				return WAKE_UP_NANOS;
			}

		});
		this.monitor.start();
		awaitLooks(1);
		this.busyBefore = LiveLoops.loops()
			.stream()
			.filter((loop) -> loop.recorder().read().busyNanos() > 0)
			.map(MonitoredLoop::name)
			.collect(Collectors.toUnmodifiableSet());
		this.startedAt = Instant.now();
	}

	/**
	 * Look back at the test, which has ended.
	 * @return why it has failed, or {@code null} if it has not
	 */
	@Nullable String failure() {
		Instant endedAt = Instant.now();
		FailureMessage message = new FailureMessage(this.threshold);
		// The first may have begun before the end.
		awaitLooks(2);
		if (!failures(endedAt).isEmpty()) {
			awaitLooks(WAKE_UPS_TO_SETTLE);
			failures(endedAt).forEach(message::add);
		}
		BlockingWatch blockingWatch = this.blocking;
		if (blockingWatch != null) {
			blockingWatch.calls(this.startedAt, endedAt)
				.forEach((call) -> message.add(call, blockingWatch.stackOf(call)));
		}
		return message.isEmpty() ? null : message.toString();
	}

	private void awaitLooks(int count) {
		try {
			this.looks.drainPermits();
			this.looks.tryAcquire(count, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private List<Stall> failures(Instant endedAt) {
		return this.stalls.stalls()
			.stream()
			.filter((stall) -> isOfTest(stall) && !stall.startedAt().isAfter(endedAt))
			.filter((stall) -> stall.culprit() != null && stall.cause() != StallCause.GC)
			.filter((stall) -> !isClassLoading(stall.stack()) && !BlockingWatch.isOwn(stall.loop()))
			.toList();
	}

	/**
	 * The instant at which a stall began may be some milliseconds off, so it is not asked
	 * for where there is no need.
	 */
	private boolean isOfTest(Stall stall) {
		return this.busyBefore.contains(stall.loop()) ? stall.startedAt().isAfter(this.startedAt)
				: stall.startedAt().plus(stall.duration()).isAfter(this.startedAt);
	}

	/**
	 * Return whether a culprit only was the first to need a class.
	 * @param stack what the loop was doing, innermost frame first
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
