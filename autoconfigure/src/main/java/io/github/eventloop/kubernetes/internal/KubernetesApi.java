package io.github.eventloop.kubernetes.internal;

import java.net.HttpURLConnection;
import java.util.List;
import java.util.function.Supplier;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the gate to the Kubernetes API, all in one namespace. The manifest
 * {@code docs/kubernetes/readiness-gate.yaml} permits these and no others.
 * <p>
 * Thread-safe. Blocking, so never called by an event loop.
 */
class KubernetesApi {

	private static final String SLICES = "endpointslices";

	private static final String LEASES = "leases";

	private final KubernetesClient client;

	private final String namespace;

	KubernetesApi(KubernetesClient client, String namespace) {
		this.client = client;
		this.namespace = namespace;
	}

	List<EndpointSlice> slices() {
		return request("list", SLICES,
				() -> items(this.client.discovery().v1().endpointSlices().inNamespace(this.namespace).list()));
	}

	List<EndpointSlice> slicesOf(String service) {
		return request("list", SLICES,
				() -> items(this.client.discovery()
					.v1()
					.endpointSlices()
					.inNamespace(this.namespace)
					.withLabel(ServiceEndpoints.SERVICE_LABEL, service)
					.list()));
	}

	/** Return the items of a list, which an answer of a proxy, for example, is not. */
	private static List<EndpointSlice> items(EndpointSliceList list) {
		if (list.getMetadata() == null || list.getMetadata().getResourceVersion() == null) {
			throw new IllegalStateException("the answer is not a list of EndpointSlices");
		}
		return list.getItems();
	}

	/**
	 * Watch the EndpointSlices of a service.
	 * @param service the name of the service
	 * @param changed called once at the start and after each change, by a thread of the
	 * client, so it must return at once
	 * @param lost called when the watch has ended, by a thread of the client
	 * @return the watch, to close
	 */
	Watch watchSlicesOf(String service, Runnable changed, Runnable lost) {
		return request("watch", SLICES,
				() -> this.client.discovery()
					.v1()
					.endpointSlices()
					.inNamespace(this.namespace)
					.withLabel(ServiceEndpoints.SERVICE_LABEL, service)
					.watch(new ChangeWatcher(changed, lost)));
	}

	@Nullable Lease lease(String name) {
		return request("get", LEASES,
				() -> checked(this.client.leases().inNamespace(this.namespace).withName(name).get()));
	}

	/** Without its version, an update would replace any later change. */
	private static @Nullable Lease checked(@Nullable Lease lease) {
		if (lease != null && (lease.getMetadata() == null || lease.getMetadata().getResourceVersion() == null)) {
			throw new IllegalStateException("the answer is not a Lease with a resource version");
		}
		return lease;
	}

	/**
	 * Create a Lease.
	 * @return the Lease, or {@code null} if there is one by now
	 */
	@Nullable Lease create(Lease lease) {
		return unlessConflict("create",
				() -> this.client.leases().inNamespace(this.namespace).resource(lease).create());
	}

	/**
	 * Replace a Lease, unless it has changed.
	 * @param lease the new Lease, with the resource version of the old one
	 * @return the Lease, or {@code null} if it has changed since it was read
	 */
	@Nullable Lease update(Lease lease) {
		return unlessConflict("update",
				() -> this.client.leases().inNamespace(this.namespace).resource(lease).update());
	}

	private @Nullable Lease unlessConflict(String verb, Supplier<Lease> request) {
		return request(verb, LEASES, () -> {
			try {
				return checked(request.get());
			}
			catch (KubernetesClientException ex) {
				// A Lease that was deleted meanwhile is not found by its update.
				if (ex.getCode() == HttpURLConnection.HTTP_CONFLICT
						|| (verb.equals("update") && ex.getCode() == HttpURLConnection.HTTP_NOT_FOUND)) {
					return null;
				}
				throw ex;
			}
		});
	}

	private <T extends @Nullable Object> T request(String verb, String resource, Supplier<T> request) {
		try {
			return request.get();
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(message(verb, resource, ex), ex);
		}
	}

	private String message(String verb, String resource, RuntimeException ex) {
		int code = (ex instanceof KubernetesClientException api) ? api.getCode() : 0;
		String what = "%s %s in the namespace %s".formatted(verb, resource, this.namespace);
		if (code == HttpURLConnection.HTTP_FORBIDDEN) {
			return "The service account of this pod must not " + what + ": it needs a Role with the verb '" + verb
					+ "' for the resource '" + resource + "', see docs/kubernetes/README.md";
		}
		if (code == HttpURLConnection.HTTP_UNAUTHORIZED) {
			return "The Kubernetes API did not accept the token of the service account of this pod (" + what + ")";
		}
		return "The Kubernetes API gave no usable answer (" + what + "): " + ex.getMessage();
	}

	/**
	 * Watcher that only reports that there was a change.
	 */
	private record ChangeWatcher(Runnable changed, Runnable lost) implements Watcher<EndpointSlice> {

		@Override
		public void eventReceived(Action action, EndpointSlice slice) {
			this.changed.run();
		}

		@Override
		public void onClose(WatcherException cause) {
			this.lost.run();
		}

	}

}
