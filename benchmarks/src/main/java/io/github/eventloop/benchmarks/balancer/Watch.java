package io.github.eventloop.benchmarks.balancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.eventloop.benchmarks.load.LoadRun;
import io.github.eventloop.benchmarks.process.Haproxy;

/**
 * Looks four times a second which instances the balancer takes for ready.
 */
final class Watch implements AutoCloseable {

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	// Written by the timer's thread, read after it has ended.
	private final List<Look> looks = new ArrayList<>();

	private final Haproxy balancer;

	private final LoadRun clock;

	/**
	 * Begin to look.
	 * @param balancer whom to ask
	 * @param clock whose time counts
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
	Watch(Haproxy balancer, LoadRun clock) {
		this.balancer = balancer;
		this.clock = clock;
		this.timer.scheduleAtFixedRate(this::look, 0, 250, TimeUnit.MILLISECONDS);
	}

	private void look() {
		Map<String, Haproxy.Server> servers = this.balancer.servers();
		if (!servers.isEmpty()) {
			this.looks.add(new Look(this.clock.elapsed(), servers));
		}
	}

	/**
	 * Stop to look.
	 * @return what was seen
	 */
	List<Look> end() {
		close();
		return this.looks;
	}

	@Override
	public void close() {
		this.timer.shutdown();
		try {
			this.timer.awaitTermination(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * One look.
	 *
	 * @param at time since the load began
	 * @param servers the instances by name
	 */
	record Look(Duration at, Map<String, Haproxy.Server> servers) {

		boolean ready(String instance) {
			Haproxy.Server server = this.servers.get(instance);
			return server != null && server.ready();
		}

		double seconds() {
			return this.at.toNanos() / 1e9;
		}

	}

}
