package io.github.eventloop.kubernetes.internal;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate.Decision;
import io.github.eventloop.health.ReadinessGate.Departure;

/**
 * Kubernetes API with EndpointSlices and Leases in memory, which can be made to fail. The
 * test changes them on a second port, which does not fail. Shared by the tests of a
 * class, because a server takes longer to start than most tests.
 */
public final class TestCluster implements AutoCloseable {

	public static final String NAMESPACE = "shops";

	private static final GateTimes TIMES = new GateTimes(Duration.ofSeconds(4), Duration.ofSeconds(15),
			Duration.ofSeconds(60), Duration.ofSeconds(20), Duration.ofMillis(100));

	static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

	/** Volatile: read by threads of the servers. */
	private volatile KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final AtomicReference<Function<RecordedRequest, MockResponse>> fault = new AtomicReference<>();

	private final Dispatcher dispatcher = new Dispatcher() {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			TestCluster.this.requests.add(request.getMethod() + " " + request.getPath());
			Function<RecordedRequest, MockResponse> current = TestCluster.this.fault.get();
			MockResponse response = (current != null) ? current.apply(request) : null;
			return (response != null) ? response : TestCluster.this.objects.dispatch(request);
		}

	};

	private KubernetesMockServer server = start(this.dispatcher, 0);

	private final int port = this.server.getPort();

	private final KubernetesMockServer adminServer = start(new Dispatcher() {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			return TestCluster.this.objects.dispatch(request);
		}

	}, 0);

	private final KubernetesClient admin = newClient(this.adminServer, 10_000);

	private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

	/** Moves only when the test advances it. */
	final AtomicLong nanos = new AtomicLong();

	GateTimes times = TIMES;

	int timeoutMillis = 5000;

	private static KubernetesMockServer start(Dispatcher dispatcher, int port) {
		KubernetesMockServer server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(),
				dispatcher, false);
		server.init(InetAddress.getLoopbackAddress(), port);
		return server;
	}

	private static KubernetesClient newClient(KubernetesMockServer server, int timeoutMillis) {
		return OwnClient.create(new ConfigBuilder().withMasterUrl(server.url("/"))
			.withNamespace(NAMESPACE)
			.withTrustCerts(true)
			.build(), timeoutMillis);
	}

	public String url() {
		return this.server.url("/");
	}

	KubernetesClient client() {
		KubernetesClient client = newClient(this.server, this.timeoutMillis);
		this.opened.add(client);
		return client;
	}

	KubernetesReadinessGate gate(String pod) {
		return gate(pod, 60);
	}

	KubernetesReadinessGate gate(String pod, int percent) {
		return gate(pod, percent, InstantSource.fixed(NOW));
	}

	KubernetesReadinessGate gate(String pod, int percent, InstantSource wallClock) {
		KubernetesReadinessGate gate = new KubernetesReadinessGate(new KubernetesApi(client(), NAMESPACE),
				new PodIdentity(pod, NAMESPACE, true), new AvailabilityFloor(percent), this.times, wallClock,
				this.nanos::get, () -> {
				});
		this.opened.add(0, gate);
		return gate;
	}

	static Decision leave(KubernetesReadinessGate gate) throws Exception {
		return leave(gate, new ArrayList<>());
	}

	static Decision leave(KubernetesReadinessGate gate, List<String> recalls) throws Exception {
		return gate.leave(new Departure(EventLoopStatus.OVERLOADED, "p99 of 300 ms", recalls::add));
	}

	/**
	 * Create or replace the endpoints of a service.
	 * @param service the name of the service
	 * @param endpoints the names of the pods, followed by {@code :unready} or
	 * {@code :terminating} if they are
	 */
	public void service(String service, String... endpoints) {
		EndpointSlice slice = slice(service, "IPv4", endpoints);
		if (this.admin.discovery().v1().endpointSlices().inNamespace(NAMESPACE).withName(service).get() == null) {
			this.admin.discovery().v1().endpointSlices().inNamespace(NAMESPACE).resource(slice).create();
		}
		else {
			this.admin.discovery().v1().endpointSlices().inNamespace(NAMESPACE).resource(slice).update();
		}
	}

	static EndpointSlice slice(String service, String addressType, String... endpoints) {
		return new EndpointSliceBuilder().withNewMetadata()
			.withName(addressType.equals("IPv4") ? service : service + "-" + addressType.toLowerCase(Locale.ROOT))
			.withNamespace(NAMESPACE)
			.addToLabels(ServiceEndpoints.SERVICE_LABEL, service)
			.endMetadata()
			.withAddressType(addressType)
			.withEndpoints(Stream.of(endpoints).map(TestCluster::endpoint).toList())
			.build();
	}

	private static Endpoint endpoint(String text) {
		String[] parts = text.split(":", 2);
		String state = (parts.length > 1) ? parts[1] : "ready";
		return new EndpointBuilder().withAddresses("10.0.0.1")
			.withTargetRef(
					new ObjectReferenceBuilder().withKind("Pod").withNamespace(NAMESPACE).withName(parts[0]).build())
			.withConditions(new EndpointConditionsBuilder().withReady(state.equals("ready"))
				.withServing(state.equals("ready"))
				.withTerminating(state.equals("terminating"))
				.build())
			.build();
	}

	Lease lease(String service) {
		return this.admin.leases().inNamespace(NAMESPACE).withName(LeaseRecord.nameFor(service)).get();
	}

	void create(Lease lease) {
		this.admin.leases().inNamespace(NAMESPACE).resource(lease).create();
	}

	void update(Lease lease) {
		this.admin.leases().inNamespace(NAMESPACE).resource(lease).update();
	}

	void delete(String service) {
		this.admin.leases().inNamespace(NAMESPACE).withName(LeaseRecord.nameFor(service)).delete();
	}

	/** Return the pods that the Lease of a service records as out of service. */
	List<String> out(String service) {
		Lease lease = lease(service);
		return (lease != null) ? new LeaseRecord(lease).out().names() : List.of();
	}

	List<String> requests() {
		return this.requests;
	}

	void advance(Duration duration) {
		this.nanos.addAndGet(duration.toNanos());
	}

	/** Answer requests differently, except those for which there is no answer. */
	void fault(Function<RecordedRequest, MockResponse> answer) {
		this.fault.set(answer);
	}

	void fail(Predicate<RecordedRequest> which, Supplier<MockResponse> answer) {
		fault((request) -> which.test(request) ? answer.get() : null);
	}

	/** Answer requests later than usual. */
	void delay(Predicate<RecordedRequest> which, Duration delay) {
		fault((request) -> which.test(request) ? this.objects.dispatch(request).setBodyDelay(delay) : null);
	}

	/** Handle a request, but answer that the server has failed, once. */
	void loseAnswerOnce(Predicate<RecordedRequest> which, List<String> answers) {
		fault((request) -> {
			if (which.test(request) && answers.isEmpty()) {
				answers.add(request.getPath());
				this.objects.dispatch(request);
				return status(504, "Timeout");
			}
			return null;
		});
	}

	/** Run an action once, when a request arrives, before it is answered. */
	void before(Predicate<RecordedRequest> which, Runnable action) {
		AtomicReference<Runnable> once = new AtomicReference<>(action);
		fault((request) -> {
			if (which.test(request)) {
				Runnable run = once.getAndSet(null);
				if (run != null) {
					run.run();
				}
			}
			return null;
		});
	}

	/** Close all connections, and accept no more. */
	void stop() {
		this.server.shutdown();
	}

	/** Accept connections on the same port again. */
	void restart() {
		this.server = start(this.dispatcher, this.port);
	}

	void heal() {
		this.fault.set(null);
	}

	static Predicate<RecordedRequest> method(String method, String pathContains) {
		return (request) -> request.getMethod().equals(method) && request.getPath().contains(pathContains);
	}

	static Predicate<RecordedRequest> watching() {
		return (request) -> request.getPath().contains("watch=");
	}

	static MockResponse status(int code, String reason) {
		return new MockResponse().setResponseCode(code)
			.setHeader("Content-Type", "application/json")
			.setBody("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
					+ "\",\"message\":\"test\",\"code\":" + code + "}");
	}

	/** Close all gates, and forget everything, for the next test. */
	public void reset() throws Exception {
		heal();
		for (AutoCloseable each : this.opened) {
			each.close();
		}
		this.opened.clear();
		this.objects = new KubernetesCrudDispatcher();
		this.requests.clear();
		this.nanos.set(0);
		this.times = TIMES;
		this.timeoutMillis = 5000;
	}

	@Override
	public void close() throws Exception {
		reset();
		this.admin.close();
		this.adminServer.destroy();
		this.server.destroy();
	}

}
