package io.github.eventloop.kubernetes.internal;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of a service that are not terminating, as its EndpointSlices list them.
 * Immutable.
 *
 * @param service the name of the service
 * @param readiness by the name of the pod, whether it is ready. A pod counts once,
 * although it has an endpoint for each IP family, and may appear in two slices for a
 * moment
 */
record ServiceEndpoints(String service, Map<String, Boolean> readiness) {

	static final String SERVICE_LABEL = "kubernetes.io/service-name";

	ServiceEndpoints {
		readiness = Map.copyOf(readiness);
	}

	static ServiceEndpoints of(String service, Collection<EndpointSlice> slices) {
		Map<String, Boolean> readiness = new TreeMap<>();
		Set<String> terminating = new HashSet<>();
		slices.stream()
			.filter((slice) -> service.equals(serviceOf(slice)))
			.flatMap(ServiceEndpoints::endpoints)
			.forEach((endpoint) -> {
				EndpointConditions conditions = endpoint.getConditions();
				if (conditions != null && Boolean.TRUE.equals(conditions.getTerminating())) {
					terminating.add(name(endpoint));
				}
				else {
					// No condition means ready. While two slices disagree, one of them is
					// outdated.
					readiness.merge(name(endpoint), conditions == null || !Boolean.FALSE.equals(conditions.getReady()),
							Boolean::logicalAnd);
				}
			});
		readiness.keySet().removeAll(terminating);
		return new ServiceEndpoints(service, readiness);
	}

	/**
	 * Return the names of the services that have an endpoint for a pod, even if it is
	 * terminating.
	 */
	static SortedSet<String> servicesOf(String pod, Collection<EndpointSlice> slices) {
		return slices.stream()
			.filter((slice) -> endpoints(slice).anyMatch((endpoint) -> pod.equals(podOf(endpoint))))
			.map(ServiceEndpoints::serviceOf)
			.filter(Objects::nonNull)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static @Nullable String serviceOf(EndpointSlice slice) {
		Map<String, String> labels = slice.getMetadata().getLabels();
		return (labels != null) ? labels.get(SERVICE_LABEL) : null;
	}

	/** The API server sends {@code null} for a slice without endpoints. */
	private static Stream<Endpoint> endpoints(EndpointSlice slice) {
		List<Endpoint> endpoints = slice.getEndpoints();
		return (endpoints != null) ? endpoints.stream() : Stream.empty();
	}

	private static String name(Endpoint endpoint) {
		String pod = podOf(endpoint);
		// An endpoint that is not a pod was added by hand.
		return (pod != null) ? pod : String.valueOf(endpoint.getAddresses());
	}

	private static @Nullable String podOf(Endpoint endpoint) {
		ObjectReference target = endpoint.getTargetRef();
		return (target != null && "Pod".equals(target.getKind())) ? target.getName() : null;
	}

	int total() {
		return this.readiness.size();
	}

	boolean contains(String pod) {
		return this.readiness.containsKey(pod);
	}

	boolean isReady(String pod) {
		return this.readiness.getOrDefault(pod, false);
	}

	Set<String> ready() {
		return this.readiness.entrySet()
			.stream()
			.filter(Map.Entry::getValue)
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

}
