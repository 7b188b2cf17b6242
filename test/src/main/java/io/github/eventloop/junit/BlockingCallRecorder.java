package io.github.eventloop.junit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import io.github.eventloop.blocking.BlockingCall;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.blocking.internal.JfrBlockingDetector;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.LiveLoops;
import io.github.eventloop.stall.StackReader;

/**
 * Recorder of blocking calls on all loops. It runs from the first test that enables it to
 * the end of all tests, because a JFR recording takes a second to start.
 * <p>
 * Calls are reported up to a second late, and there is no notification when all of them
 * have been. So a probe loop blocks at the end of a test: once its call is reported, so
 * are the calls of the test.
 */
final class BlockingCallRecorder implements AutoCloseable {

	private static final String PROBE_GROUP = "eventloop-junit";

	/** Limit of retained calls. A test that makes more fails because of the newest. */
	private static final int MAX_CALLS = 10_000;

	private static final long TIMEOUT_SECONDS = 20;

	/** Calls of the same second are reported in no particular order. */
	private static final long STRAGGLERS_MILLIS = 100;

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final BlockingCalls calls;

	private final JfrBlockingDetector detector;

	private final MonitoredLoopResources resources = MonitoredLoopResources.builder(PROBE_GROUP)
		.selectCount(-1)
		.workerCount(1)
		.build();

	private final MonitoredLoop probeLoop;

	/** A permit for each reported call of the probe loop. */
	private final Semaphore probeCalls = new Semaphore(0);

	/** The newest calls of all other loops, oldest first. Guarded by itself. */
	private final List<BlockingCall> newest = new ArrayList<>();

	private BlockingCallRecorder(List<String> applicationPackages) {
		this.calls = new BlockingCalls(new StackReader(applicationPackages));
		this.detector = new JfrBlockingDetector(this.monitor, this.calls, BlockingSettings.DEFAULT);
		this.resources.onServer(false);
		this.probeLoop = this.resources.loops().get(0);
		this.monitor.addSource(LiveLoops::loops);
		this.calls.addListener(this::onCall);
		// In this order: the detector is only notified of loops that are added later.
		this.detector.start();
		this.monitor.start();
	}

	/**
	 * Return the recorder that all tests share.
	 * @param context the context of any test
	 * @param applicationPackages the packages in which to look for the culprit first
	 * @return the recorder, which is running
	 */
	static BlockingCallRecorder of(ExtensionContext context, List<String> applicationPackages) {
		BlockingCallRecorder recorder = context.getRoot()
			.getStore(Namespace.create(BlockingCallRecorder.class))
			.computeIfAbsent(applicationPackages, (packages) -> new BlockingCallRecorder(applicationPackages),
					BlockingCallRecorder.class);
		recorder.catchUp();
		return recorder;
	}

	private void onCall(BlockingCall call) {
		if (isProbe(call.loop())) {
			this.probeCalls.release();
			return;
		}
		synchronized (this.newest) {
			if (this.newest.size() == MAX_CALLS) {
				this.newest.remove(0);
			}
			this.newest.add(call);
		}
	}

	/** Wait until all calls that have been made so far are reported. */
	private synchronized void catchUp() {
		try {
			this.probeCalls.drainPermits();
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
			do {
				if (end - System.nanoTime() < 0) {
					throw new ExtensionConfigurationException("Blocking calls on event loops fail this test, but JDK "
							+ "Flight Recorder does not report any. See the log for the reason, or disable the "
							+ "detection (blocking = false).");
				}
				// Repeated, as the first call may happen before the recording has begun.
				this.probeLoop.execute(BlockingCallRecorder::block);
			}
			while (!this.probeCalls.tryAcquire(2, TimeUnit.SECONDS));
			TimeUnit.MILLISECONDS.sleep(STRAGGLERS_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void block() {
		try {
			TimeUnit.MILLISECONDS.sleep(2 * BlockingSettings.DEFAULT.threshold().toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return the calls during a test, except those without a culprit and those that load
	 * classes. Takes a second.
	 * @param from when the test began
	 * @param to when it ended
	 * @return the calls
	 */
	List<BlockingCall> calls(Instant from, Instant to) {
		catchUp();
		synchronized (this.newest) {
			return this.newest.stream()
				.filter((call) -> !call.endedAt().minus(call.length()).isBefore(from) && !call.endedAt().isAfter(to))
				.filter((call) -> call.culprit() != null && !TestStallRecorder.isClassLoading(stackOf(call)))
				.toList();
		}
	}

	/**
	 * Return the stack of a call.
	 * @param call the call
	 * @return the stack of the longest call of its kind and line, innermost frame first
	 */
	List<String> stackOf(BlockingCall call) {
		return this.calls.list()
			.stream()
			.filter((hotspot) -> hotspot.kind() == call.kind())
			.filter((hotspot) -> call.culprit() != null && call.culprit().equals(hotspot.culprit()))
			.map(BlockingHotspot::stack)
			.findFirst()
			.orElse(List.of());
	}

	/**
	 * Return whether a loop is the probe loop of this recorder.
	 * @param loop the name of the loop's thread
	 * @return whether it is the probe loop
	 */
	static boolean isProbe(String loop) {
		return loop.startsWith(PROBE_GROUP);
	}

	@Override
	public void close() {
		this.detector.close();
		this.monitor.close();
		this.resources.dispose();
	}

}
