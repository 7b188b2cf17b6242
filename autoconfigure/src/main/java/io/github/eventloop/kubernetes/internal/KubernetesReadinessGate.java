package io.github.eventloop.kubernetes.internal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.LongSupplier;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.ReadinessGate;

/**
 * {@link ReadinessGate} that lets this pod leave service if enough endpoints of its
 * services remain ready, and recalls it if they do not.
 * <p>
 * Called by one thread at a time, see {@link ReadinessGate}; closed by another.
 */
public final class KubernetesReadinessGate implements ReadinessGate, AutoCloseable {

	private final KubernetesApi api;

	private final PodIdentity pod;

	private final AvailabilityFloor floor;

	private final GateTimes times;

	private final InstantSource wallClock;

	private final LongSupplier clock;

	private final Runnable onClose;

	/** By the name of the service. Guarded by this object. */
	private final Map<String, ServiceRecord> records = new LinkedHashMap<>();

	/**
	 * Services that record this pod as out of service, or may do so. Guarded by this
	 * object.
	 */
	private final Map<String, ServiceRecord> left = new LinkedHashMap<>();

	/** Volatile: the gate may be closed by another thread. */
	private volatile @Nullable FloorWatch watch;

	/** Volatile: written by the thread that closes the gate. */
	private volatile boolean closed;

	/**
	 * Create a gate.
	 * @param client the client to use
	 * @param pod the pod of this instance
	 * @param floor the share of the endpoints that has to be ready
	 * @param onClose called when this gate is closed
	 */
	public KubernetesReadinessGate(KubernetesClient client, PodIdentity pod, AvailabilityFloor floor,
			Runnable onClose) {
		this(new KubernetesApi(client, pod.namespace()), pod, floor, GateTimes.DEFAULT, InstantSource.system(),
				System::nanoTime, onClose);
	}

	KubernetesReadinessGate(KubernetesApi api, PodIdentity pod, AvailabilityFloor floor, GateTimes times,
			InstantSource wallClock, LongSupplier clock, Runnable onClose) {
		this.api = api;
		this.pod = pod;
		this.floor = floor;
		this.times = times;
		this.wallClock = wallClock;
		this.clock = clock;
		this.onClose = onClose;
	}

	@Override
	public synchronized Decision leave(Departure departure) throws Exception {
		stopWatch();
		Deadline deadline = Deadline.in(this.times.budget());
		SortedSet<String> services = ServiceEndpoints.servicesOf(this.pod.name(), this.api.slices());
		this.records.keySet().retainAll(services);
		if (services.isEmpty()) {
			return withoutService();
		}
		try {
			List<String> reasons = new ArrayList<>();
			for (String service : services) {
				ServiceRecord record = this.records.computeIfAbsent(service, this::newRecord);
				this.left.put(service, record);
				Decision decision = record.leave(deadline);
				if (!decision.granted()) {
					this.left.remove(service);
					removeFrom(this.left.values(), deadline);
					return decision;
				}
				reasons.add(decision.reason());
			}
			this.watch = startWatch(departure);
			if (this.closed) {
				stopWatch();
			}
			return Decision.granted(String.join("; ", reasons));
		}
		catch (Exception ex) {
			try {
				// A record may have been written although there was no answer.
				removeFrom(this.left.values(), deadline);
			}
			catch (Exception also) {
				ex.addSuppressed(also);
			}
			throw ex;
		}
	}

	private Decision withoutService() {
		String text = "no service selects the pod %s in the namespace %s".formatted(this.pod.name(),
				this.pod.namespace());
		return this.pod.certain() ? Decision.granted(text) : Decision.refused(text
				+ ", or these are not those of this pod: set the environment variables POD_NAME and POD_NAMESPACE");
	}

	private ServiceRecord newRecord(String service) {
		return new ServiceRecord(this.api, this.pod, service, this.floor, this.times, this.wallClock, this.clock);
	}

	private FloorWatch startWatch(Departure departure) {
		List<FloorWatch.Watched> services = new ArrayList<>();
		this.left.forEach((service, record) -> services.add(new FloorWatch.Watched(service, record,
				new RecallOrder(this.pod.name(), this.floor, this.times.back(), record.lastOut(), this.clock))));
		return FloorWatch.start(this.api, services, departure.recall(), this.times);
	}

	@Override
	public synchronized void returned() throws Exception {
		stopWatch();
		removeFrom(this.left.values(), Deadline.in(this.times.budget()));
	}

	/** Remove this pod from the records of services, from all that are reachable. */
	private void removeFrom(Collection<ServiceRecord> services, Deadline deadline) throws Exception {
		Exception failure = null;
		for (ServiceRecord each : List.copyOf(services)) {
			try {
				each.remove(deadline);
				services.remove(each);
			}
			catch (Exception ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void stopWatch() {
		FloorWatch current = this.watch;
		if (current != null) {
			current.close();
			this.watch = null;
		}
	}

	/** Does not wait for a decision: without the client, it fails. */
	@Override
	public void close() {
		this.closed = true;
		stopWatch();
		this.onClose.run();
	}

}
