package io.github.eventloop.benchmarks;

import org.junit.jupiter.api.Test;

import io.github.eventloop.benchmarks.Haproxy.Connections;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Connections}.
 */
class ConnectionsTests {

	private final Connections connections = new Connections();

	@Test
	void reusedPortShouldBelongToTheInstanceAtThatTime() {
		this.connections.add(5000, 10_000, "a");
		this.connections.add(5000, 20_000, "<NOSRV>");
		this.connections.add(5000, 30_000, "b");
		assertThat(this.connections.instance(5000, 19_000)).isEqualTo("a");
		assertThat(this.connections.instance(5000, 25_000)).isEqualTo(Connections.NO_INSTANCE);
		assertThat(this.connections.instance(5000, 30_001)).isEqualTo("b");
	}

	@Test
	void unknownPortShouldBelongToNoInstance() {
		assertThat(this.connections.instance(0, 1)).isEqualTo(Connections.NO_INSTANCE);
	}

}
