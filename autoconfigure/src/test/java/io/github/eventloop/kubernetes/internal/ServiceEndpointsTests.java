package io.github.eventloop.kubernetes.internal;

import java.util.List;
import java.util.Map;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServiceEndpoints}.
 */
class ServiceEndpointsTests {

	@Test
	void shouldCountEndpointsThatAreNotTerminating() {
		ServiceEndpoints endpoints = of(TestCluster.slice("shop", "IPv4", "a", "b:unready", "c:terminating"));
		assertThat(endpoints.readiness()).isEqualTo(Map.of("a", true, "b", false));
		assertThat(endpoints.total()).isEqualTo(2);
		assertThat(endpoints.ready()).containsExactly("a");
		assertThat(endpoints.contains("c")).isFalse();
		assertThat(endpoints.isReady("c")).isFalse();
	}

	@Test
	void whenServiceIsDualStackShouldCountEachPodOnce() {
		ServiceEndpoints endpoints = of(TestCluster.slice("shop", "IPv4", "a", "b"),
				TestCluster.slice("shop", "IPv6", "a", "b"));
		assertThat(endpoints.total()).isEqualTo(2);
	}

	@Test
	void whenSlicesDisagreeShouldBelieveTheWorse() {
		ServiceEndpoints endpoints = of(TestCluster.slice("shop", "IPv4", "a", "b", "c:terminating", "d:unready"),
				TestCluster.slice("shop", "IPv6", "a:unready", "b:terminating", "c", "d"));
		assertThat(endpoints.readiness()).isEqualTo(Map.of("a", false, "d", false));
	}

	@Test
	void whenConditionIsMissingShouldBeReady() {
		EndpointSlice slice = TestCluster.slice("shop", "IPv4", "a", "b");
		slice.getEndpoints().get(0).setConditions(null);
		slice.getEndpoints().get(1).getConditions().setReady(null);
		slice.getEndpoints().get(1).getConditions().setTerminating(null);
		assertThat(of(slice).readiness()).isEqualTo(Map.of("a", true, "b", true));
	}

	@Test
	void whenSliceHasNoEndpointsShouldIgnoreIt() {
		EndpointSlice slice = TestCluster.slice("shop", "IPv4");
		slice.setEndpoints(null);
		assertThat(of(slice).total()).isZero();
		assertThat(ServiceEndpoints.servicesOf("a", List.of(slice))).isEmpty();
	}

	@Test
	void whenEndpointIsNoPodShouldCountIt() {
		EndpointSlice slice = new EndpointSliceBuilder(TestCluster.slice("shop", "IPv4", "a"))
			.addToEndpoints(new EndpointBuilder().withAddresses("192.0.2.7").build())
			.build();
		assertThat(of(slice).readiness()).isEqualTo(Map.of("a", true, "[192.0.2.7]", true));
	}

	@Test
	void shouldFindTheServicesOfAPod() {
		List<EndpointSlice> slices = List.of(TestCluster.slice("shop", "IPv4", "a", "b"),
				TestCluster.slice("shop", "IPv6", "a"), TestCluster.slice("admin", "IPv4", "a:terminating"),
				TestCluster.slice("other", "IPv4", "b"));
		assertThat(ServiceEndpoints.servicesOf("a", slices)).containsExactly("admin", "shop");
		assertThat(ServiceEndpoints.servicesOf("b", slices)).containsExactly("other", "shop");
		assertThat(ServiceEndpoints.servicesOf("c", slices)).isEmpty();
		assertThat(ServiceEndpoints.of("shop", slices).total()).isEqualTo(2);
	}

	@Test
	void whenSliceIsOfNoServiceShouldIgnoreIt() {
		EndpointSlice slice = TestCluster.slice("shop", "IPv4", "a");
		slice.getMetadata().setLabels(null);
		assertThat(ServiceEndpoints.servicesOf("a", List.of(slice))).isEmpty();
		assertThat(of(slice).total()).isZero();
	}

	@Test
	void whenReferenceIsNotToAPodShouldNotTakeItForOne() {
		EndpointSlice slice = TestCluster.slice("shop", "IPv4", "a");
		slice.getEndpoints().get(0).getTargetRef().setKind("Node");
		assertThat(ServiceEndpoints.servicesOf("a", List.of(slice))).isEmpty();
	}

	private static ServiceEndpoints of(EndpointSlice... slices) {
		return ServiceEndpoints.of("shop", List.of(slices));
	}

}
