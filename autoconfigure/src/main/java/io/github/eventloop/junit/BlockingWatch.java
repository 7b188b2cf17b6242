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
import io.github.eventloop.blocking.JfrBlockingDetector;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.LiveLoops;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.StackReader;

/**
 * Watches all loops for blocking calls, from the first test that asks for it to the end
 * of all tests, for a recording takes a second to start.
 * <p>
 * Calls are told of up to a second late, and nobody says when all have been. So a loop of
 * our own blocks at the end of a test: who hears of that has heard of the test.
 */
final class BlockingWatch implements AutoCloseable {

	private static final String OWN_GROUP = "eventloop-junit";

	/** Of the newest. A test that makes more of them fails for those. */
	private static final int MOST_CALLS = 10_000;

	private static final long PATIENCE_SECONDS = 20;

	/** Calls that were recorded in the same second are told of in no particular order. */
	private static final long STRAGGLERS_MILLIS = 100;

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final BlockingCalls calls;

	private final JfrBlockingDetector detector;

	private final MonitoredLoopResources resources = MonitoredLoopResources.create(OWN_GROUP, 1, true);

	private final MonitoredLoop ownLoop;

	/** One for each time that our own loop was seen to block. */
	private final Semaphore seen = new Semaphore(0);

	/** Guarded by itself. Those of other loops, oldest first. */
	private final List<BlockingCall> newest = new ArrayList<>();

	private BlockingWatch(List<String> applicationPackages) {
		this.calls = new BlockingCalls(new StackReader(applicationPackages));
		this.detector = new JfrBlockingDetector(this.monitor, this.calls, BlockingSettings.DEFAULT);
		this.resources.onServer(false);
		this.ownLoop = this.resources.loops().get(0);
		this.monitor.watch(LiveLoops::loops);
		this.calls.addListener(this::note);
		// In this order: the detector is only told of loops that come after it.
		this.detector.start();
		this.monitor.start();
	}

	/**
	 * Return the watch of all tests.
	 * @param context any test
	 * @param applicationPackages where to look for the line to blame first
	 * @return the watch, which has begun to watch
	 */
	static BlockingWatch of(ExtensionContext context, List<String> applicationPackages) {
		BlockingWatch watch = context.getRoot()
			.getStore(Namespace.create(BlockingWatch.class))
			.computeIfAbsent(applicationPackages, (packages) -> new BlockingWatch(applicationPackages),
					BlockingWatch.class);
		watch.catchUp();
		return watch;
	}

	private void note(BlockingCall call) {
		if (isOwn(call.loop())) {
			this.seen.release();
			return;
		}
		synchronized (this.newest) {
			if (this.newest.size() == MOST_CALLS) {
				this.newest.remove(0);
			}
			this.newest.add(call);
		}
	}

	/** Return when all calls that have been made by now have been told of. */
	private synchronized void catchUp() {
		try {
			this.seen.drainPermits();
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
			do {
				if (end - System.nanoTime() < 0) {
					throw new ExtensionConfigurationException("Blocking calls on event loops are asked for, but JDK "
							+ "Flight Recorder shows none: the log says why. Do without it (blocking = false)");
				}
				// More than once, for the first may come before anybody looks.
				this.ownLoop.execute(BlockingWatch::block);
			}
			while (!this.seen.tryAcquire(2, TimeUnit.SECONDS));
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
	 * Return what was seen while a test ran, except what a test cannot help. Takes a
	 * second.
	 * @param from when the test began
	 * @param to when it ended
	 * @return the calls that have a line to blame
	 */
	List<BlockingCall> calls(Instant from, Instant to) {
		catchUp();
		synchronized (this.newest) {
			return this.newest.stream()
				.filter((call) -> !call.endedAt().minus(call.length()).isBefore(from) && !call.endedAt().isAfter(to))
				.filter((call) -> call.culprit() != null && !TestWatch.isClassLoading(stackOf(call)))
				.toList();
		}
	}

	/**
	 * Return how a loop came to a call.
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
	 * Return whether a loop is there to block for us.
	 * @param loop the name of the loop's thread
	 * @return whether it is our own
	 */
	static boolean isOwn(String loop) {
		return loop.startsWith(OWN_GROUP);
	}

	@Override
	public void close() {
		this.detector.close();
		this.monitor.close();
		this.resources.dispose();
	}

}
