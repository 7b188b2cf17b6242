package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the connections that wait for loops to accept them.
 */
class ConnectionsWaitingTests {

	private final ManualMonitor time = new ManualMonitor();

	@Test
	void whenPortsOfAnotherLoopArePolledShouldHaveNoneForALoopInItsPoll() {
		ManualLoop busy = this.time.addLoop("http", "busy").start();
		ManualLoop idle = this.time.addLoop("http", "idle").start();
		busy.listeningPorts = Set.of(8080);
		idle.listeningPorts = Set.of(9090);
		endSecond(Map.of(8080, 3, 9090, 2));
		assertThat(waiting()).containsExactly(3, 2);
		busy.busy();
		endSecond(Map.of(8080, 4));
		assertThat(waiting()).containsExactly(4, 0);
	}

	private void endSecond(Map<Integer, Integer> connections) {
		this.time.connectionsWaiting.clear();
		this.time.connectionsWaiting.putAll(connections);
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
	}

	private Iterable<Integer> waiting() {
		return this.time.monitor().snapshot().loops().stream().map((loop) -> loop.load().connectionsWaiting()).toList();
	}

}
