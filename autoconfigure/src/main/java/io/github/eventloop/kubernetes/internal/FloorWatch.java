package io.github.eventloop.kubernetes.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.fabric8.kubernetes.client.Watch;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.internal.thread.DaemonThread;
import io.github.eventloop.monitor.internal.thread.FailureLog;

/**
 * Watches the availability of the services of this pod while it is out of service, and
 * recalls it if the others need it. Everything happens on a thread of its own, which ends
 * when the pod has been recalled or the watch is closed.
 * <p>
 * An event of the API only triggers a check, which reads the endpoints itself. So a watch
 * that is lost, which may remain unnoticed, delays a recall until the next poll at most.
 * <p>
 * Thread-safe.
 */
final class FloorWatch implements AutoCloseable {

	/**
	 * Time with more frequent checks: if others have the same trouble, they ask within
	 * seconds, and record in the Lease, which is not watched, that all return.
	 */
	private static final Duration QUICK = Duration.ofSeconds(8);

	private static final long QUICK_POLL_MILLIS = 1000;

	/** Shared by all departures, so that it is written at most once a minute. */
	private static final FailureLog failures = new FailureLog(LogFactory.getLog(KubernetesReadinessGate.class));

	private final KubernetesApi api;

	private final List<Watched> services;

	private final Consumer<String> recall;

	private final GateTimes times;

	/** Released by threads of the client, and acquired by the thread of the watch. */
	private final Semaphore changes = new Semaphore(0);

	private final Thread thread = DaemonThread.create(this::run, "eventloop-gate-watch",
			Thread.currentThread().getContextClassLoader());

	/** Volatile: written by the thread that closes the watch. */
	private volatile boolean closed;

	private FloorWatch(KubernetesApi api, List<Watched> services, Consumer<String> recall, GateTimes times) {
		this.api = api;
		this.services = services;
		this.recall = recall;
		this.times = times;
	}

	static FloorWatch start(KubernetesApi api, List<Watched> services, Consumer<String> recall, GateTimes times) {
		FloorWatch watch = new FloorWatch(api, services, recall, times);
		watch.thread.start();
		return watch;
	}

	private void run() {
		try {
			String reason = null;
			long quickUntil = System.nanoTime() + QUICK.toNanos();
			while (reason == null && !this.closed) {
				this.services.forEach(this::open);
				this.changes.tryAcquire(pollMillis(System.nanoTime() - quickUntil < 0), TimeUnit.MILLISECONDS);
				this.changes.drainPermits();
				reason = check();
			}
			if (reason != null && !this.closed) {
				this.recall.accept(reason);
			}
		}
		catch (InterruptedException ex) {
			// Closed.
		}
		catch (Throwable ex) {
			failures.failed("The endpoints are not watched any more. "
					+ "This instance returns to service as it would without a gate", ex);
		}
		finally {
			this.services.forEach(Watched::close);
		}
	}

	private long pollMillis(boolean quick) {
		long millis = this.times.poll().toMillis();
		return quick ? Math.min(QUICK_POLL_MILLIS, millis) : millis;
	}

	private void open(Watched service) {
		try {
			service.open(this.api, this.changes::release);
		}
		catch (RuntimeException ex) {
			if (!this.closed) {
				failures.failed("The endpoints of the service %s cannot be watched. They are read every %d ms instead"
					.formatted(service.name, this.times.poll().toMillis()), ex);
			}
		}
	}

	private @Nullable String check() {
		for (Watched each : this.services) {
			try {
				String reason = each.check(this.api);
				if (reason != null) {
					return reason;
				}
			}
			catch (RuntimeException ex) {
				if (!this.closed) {
					failures.failed("The availability of the service " + each.name + " is unknown. Until it is known,"
							+ " this instance is not recalled, and returns to service as it would without a gate", ex);
				}
			}
		}
		return null;
	}

	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
	}

	/**
	 * Service that is watched. Used by the thread of the watch only, except for
	 * {@link #lost}.
	 */
	static final class Watched {

		private final String name;

		private final ServiceRecord record;

		private final RecallOrder order;

		private @Nullable Watch watch;

		/** Volatile: written by threads of the client. */
		private volatile boolean lost;

		Watched(String name, ServiceRecord record, RecallOrder order) {
			this.name = name;
			this.record = record;
			this.order = order;
		}

		private void open(KubernetesApi api, Runnable changed) {
			if (this.watch != null && this.lost) {
				close();
			}
			if (this.watch == null) {
				this.lost = false;
				this.watch = api.watchSlicesOf(this.name, changed, () -> this.lost = true);
			}
		}

		private @Nullable String check(KubernetesApi api) {
			ServiceEndpoints endpoints = ServiceEndpoints.of(this.name, api.slicesOf(this.name));
			ServiceRecord.Absences absences = this.record.absences(endpoints);
			return absences.recalled()
					? "more endpoints of the service %s are overloaded or stuck than may leave".formatted(this.name)
					: this.order.recall(endpoints, absences.pods());
		}

		private void close() {
			if (this.watch != null) {
				this.watch.close();
				this.watch = null;
			}
		}

	}

}
