package io.github.eventloop.benchmarks;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FleetCluster}.
 */
class FleetClusterTests {

	@Test
	void endpointsShouldBeReadyAsTheBalancerSeesThem() {
		try (FleetCluster cluster = new FleetCluster(List.of("a", "b", "c"))) {
			assertThat(cluster.ready()).containsExactly("a", "b", "c");
			cluster.ready(Set.of("a", "c"));
			assertThat(cluster.ready()).containsExactly("a", "c");
			cluster.ready(Set.of());
			assertThat(cluster.ready()).isEmpty();
		}
	}

}
