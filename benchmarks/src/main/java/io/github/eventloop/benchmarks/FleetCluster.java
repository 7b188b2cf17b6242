package io.github.eventloop.benchmarks;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;

/**
 * The part of Kubernetes that the readiness gate of the instances needs: an API on a port
 * of loopback that stores objects in memory, with the endpoints of one service. Not
 * thread-safe.
 */
final class FleetCluster implements AutoCloseable {

	private static final String NAMESPACE = "fleet";

	private static final String SERVICE = "shop";

	/** Referenced, so that its level is kept: it would log every request. */
	private static final Logger logger = Logger.getLogger(MockWebServer.class.getName());

	private final List<String> pods;

	private final KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(),
			new HashMap<>(), new KubernetesCrudDispatcher(), false);

	private final KubernetesClient client;

	private Set<String> ready;

	/** Start it, with a service whose pods are all ready. */
	FleetCluster(List<String> pods) {
		this.pods = List.copyOf(pods);
		this.ready = Set.copyOf(pods);
		logger.setLevel(Level.WARNING);
		this.server.init(InetAddress.getLoopbackAddress(), 0);
		this.client = new KubernetesClientBuilder()
			.withConfig(new ConfigBuilder().withMasterUrl(url()).withNamespace(NAMESPACE).withTrustCerts(true).build())
			.build();
		this.client.resource(slice()).create();
	}

	private String url() {
		return this.server.url("/");
	}

	/** Configure an application as the pod of that name. */
	Application pod(Application application, String name) {
		return application
			.jvm("-Dkubernetes.master=" + url(), "-Dkubernetes.trust.certificates=true",
					"-Dkubernetes.namespace=" + NAMESPACE, "-Dkubernetes.auth.tryKubeConfig=false",
					"-Dkubernetes.auth.tryServiceAccount=false")
			// The same as an environment variable.
			.property("POD_NAME", name)
			.property("eventloop.readiness.fleet", "kubernetes");
	}

	/** Mark the pods that are ready, as the kubelets would. */
	void ready(Set<String> pods) {
		if (!pods.equals(this.ready)) {
			this.ready = Set.copyOf(pods);
			this.client.resource(slice()).update();
		}
	}

	/** Return the pods that are marked as ready. */
	List<String> ready() {
		return this.client.resource(slice())
			.get()
			.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getConditions().getReady())
			.map((endpoint) -> endpoint.getTargetRef().getName())
			.toList();
	}

	private EndpointSlice slice() {
		return new EndpointSliceBuilder().withNewMetadata()
			.withName(SERVICE)
			.withNamespace(NAMESPACE)
			.addToLabels("kubernetes.io/service-name", SERVICE)
			.endMetadata()
			.withAddressType("IPv4")
			.withEndpoints(this.pods.stream().map(this::endpoint).toList())
			.build();
	}

	private Endpoint endpoint(String pod) {
		boolean isReady = this.ready.contains(pod);
		return new EndpointBuilder().withAddresses("127.0.0.1")
			.withTargetRef(new ObjectReferenceBuilder().withKind("Pod").withNamespace(NAMESPACE).withName(pod).build())
			.withConditions(new EndpointConditionsBuilder().withReady(isReady)
				.withServing(isReady)
				.withTerminating(false)
				.build())
			.build();
	}

	@Override
	public void close() {
		this.client.close();
		this.server.destroy();
	}

}
