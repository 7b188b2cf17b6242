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
 * A poller that queries the balancer four times a second for the readiness of the
 * instances.
 */
final class ReadinessPoller implements AutoCloseable {

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	// Written by the timer thread, read after it has terminated.
	private final List<Poll> polls = new ArrayList<>();

	private final Haproxy balancer;

	private final LoadRun clock;

	/**
	 * Start polling.
	 * @param balancer the balancer to poll
	 * @param clock the load whose start is time 0
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // ends with the timer
	ReadinessPoller(Haproxy balancer, LoadRun clock) {
		this.balancer = balancer;
		this.clock = clock;
		this.timer.scheduleAtFixedRate(this::poll, 0, 250, TimeUnit.MILLISECONDS);
	}

	private void poll() {
		Map<String, Haproxy.Server> servers = this.balancer.servers();
		if (!servers.isEmpty()) {
			this.polls.add(new Poll(this.clock.elapsed(), servers));
		}
	}

	/**
	 * Stop polling.
	 * @return all polls
	 */
	List<Poll> end() {
		close();
		return this.polls;
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
	 * The result of one poll.
	 *
	 * @param at time since the load began
	 * @param servers the instances by name
	 */
	record Poll(Duration at, Map<String, Haproxy.Server> servers) {

		boolean ready(String instance) {
			Haproxy.Server server = this.servers.get(instance);
			return server != null && server.ready();
		}

		double seconds() {
			return this.at.toNanos() / 1e9;
		}

	}

}
