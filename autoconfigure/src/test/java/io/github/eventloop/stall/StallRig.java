package io.github.eventloop.stall;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * Real event loops that are monitored, for tests that stall them.
 */
public final class StallRig implements AutoCloseable {

	private final MonitoredLoopResources resources;

	final EventLoopMonitor monitor;

	final StallDetector detector;

	/** The stalls that have ended, in the order of notification. */
	final BlockingQueue<Stall> ended = new LinkedBlockingQueue<>();

	public StallRig(int loops) {
		this(loops, MonitorSettings.DEFAULT, StallSettings.DEFAULT);
	}

	public StallRig(int loops, ExhaustedPools pools) {
		this(loops, MonitorSettings.DEFAULT, StallSettings.DEFAULT, pools);
	}

	public StallRig(int loops, MonitorSettings settings, StallSettings stallSettings) {
		this(loops, settings, stallSettings, List::of);
	}

	public StallRig(int loops, MonitorSettings settings, StallSettings stallSettings, ExhaustedPools pools) {
		this.resources = MonitoredLoopResources.builder("rig").selectCount(1).workerCount(loops).build();
		this.monitor = new EventLoopMonitor(settings);
		this.detector = new StallDetector(this.monitor, new StackReader(List.of("io.github.eventloop.stall")),
				stallSettings, pools);
		this.monitor.addSource(this.resources);
		this.detector.addListener(new StallListener() {

			@Override
			public void onStallEnded(Stall stall) {
				StallRig.this.ended.add(stall);
			}

		});
		for (int i = 0; i < loops; i++) {
			// The order of the loops is final once their threads have started.
			this.resources.onServer(true).next().submit(() -> {
			}).awaitUninterruptibly();
		}
		this.detector.start();
		this.monitor.start();
		// Adds the loops to the monitor, which records their iterations from here on.
		this.monitor.snapshot();
	}

	public EventLoopMonitor monitor() {
		return this.monitor;
	}

	public StallDetector detector() {
		return this.detector;
	}

	/** Wait until all stalls that have ended so far are reported. */
	public void awaitReports() {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.ended.size() >= this.monitor.snapshot().stalls());
	}

	/** Return the loop resources for the servers and clients of a test. */
	LoopResources resources() {
		return this.resources;
	}

	public List<MonitoredLoop> loops() {
		return this.resources.loops();
	}

	MonitoredLoop loop() {
		return loops().get(0);
	}

	/** Stall the first loop, and return the reported stall. */
	public Stall stall(Runnable task) {
		loop().execute(task);
		return takeEnded();
	}

	Stall takeEnded() {
		try {
			Stall stall = this.ended.poll(60, TimeUnit.SECONDS);
			if (stall == null) {
				throw new AssertionError("No stall ended within 60 seconds");
			}
			return stall;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.detector.close();
		this.monitor.close();
		this.resources.dispose();
	}

}
