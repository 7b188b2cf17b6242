package io.github.eventloop.stall;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * Real loops that are watched, to be stalled by tests.
 */
final class StallRig implements AutoCloseable {

	private final MonitoredLoopResources resources;

	final EventLoopMonitor monitor;

	final StallWatch watch;

	/** The stalls that have ended, in the order in which the listeners were told. */
	final BlockingQueue<Stall> ended = new LinkedBlockingQueue<>();

	StallRig(int loops) {
		this(loops, MonitorSettings.DEFAULT, StallSettings.DEFAULT);
	}

	StallRig(int loops, ExhaustedPools pools) {
		this(loops, MonitorSettings.DEFAULT, StallSettings.DEFAULT, pools);
	}

	StallRig(int loops, MonitorSettings settings, StallSettings stallSettings) {
		this(loops, settings, stallSettings, List::of);
	}

	private StallRig(int loops, MonitorSettings settings, StallSettings stallSettings, ExhaustedPools pools) {
		this.resources = MonitoredLoopResources.create("rig", 1, loops, true);
		this.monitor = new EventLoopMonitor(settings);
		this.watch = new StallWatch(this.monitor, new StackReader(List.of("io.github.eventloop.stall")), stallSettings,
				pools);
		this.monitor.watch(this.resources);
		this.watch.addListener(new StallListener() {

			@Override
			public void onStallEnded(Stall stall) {
				StallRig.this.ended.add(stall);
			}

		});
		for (int i = 0; i < loops; i++) {
			this.resources.onServer(true).next().execute(() -> {
			});
		}
		this.watch.start();
		this.monitor.start();
		// From here on it records what the loops do.
		this.monitor.snapshot();
	}

	/** For servers and clients of a test to run on. */
	LoopResources resources() {
		return this.resources;
	}

	List<MonitoredLoop> loops() {
		return this.resources.loops();
	}

	MonitoredLoop loop() {
		return loops().get(0);
	}

	/** Stall the first loop, and return what was found out about it. */
	Stall stall(Runnable task) {
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
		this.watch.close();
		this.monitor.close();
		this.resources.dispose();
	}

}
