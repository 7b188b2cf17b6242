package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.metrics.EventLoopMeters.KeyNames;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.internal.thread.Isolated;

/**
 * {@link MeterBinder} that publishes how long work submitted to Reactor's
 * {@code boundedElastic} and {@code parallel} schedulers waits for a thread, as
 * {@link EventLoopMeters#WORKERS_LATENCY} and {@link EventLoopMeters#WORKERS_WAITING}.
 * Once a second the monitor thread submits a probe, a task that does nothing, to each of
 * them, unless the previous one is still waiting. A task that the application submits at
 * that moment waits as long as the probe.
 * <p>
 * {@code boundedElastic} assigns a task to an idle thread and starts one if there is
 * none. If it already has its maximum number of threads, the task waits for the one with
 * the fewest tasks, even if another becomes idle earlier. The wait is therefore close to
 * zero until the last thread is busy. {@code parallel} assigns tasks to its threads round
 * robin, whether or not they are busy. With n threads of which one is blocked, one probe
 * in n is assigned to that thread, and the meters then show its wait. A probe that has
 * waited for a minute is recorded as such and cancelled, since its thread may be blocked
 * forever while the others work.
 * <p>
 * The probes make the schedulers start threads: one for {@code boundedElastic}, and all
 * for {@code parallel}, one per second. May be bound to several registries.
 * <p>
 * Thread-safe. Note: {@link #close()} should be called when the registries outlive the
 * monitor.
 */
public final class WorkerMetrics implements MeterBinder, AutoCloseable {

	/** Assigning a task to an idle thread takes less. */
	private static final Duration SHORTEST_WAIT = Duration.ofNanos(100_000);

	private final EventLoopMonitor monitor;

	private final List<Workers> all = new ArrayList<>();

	/** The meters in each registry. Guarded by itself. */
	private final IdentityHashMap<MeterRegistry, List<Meter>> registries = new IdentityHashMap<>();

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onSecond(EventLoopSecond second) {
			Isolated.forEach(WorkerMetrics.this.all, (workers) -> workers.probe.send());
		}

	};

	/**
	 * Create metrics of Reactor's shared schedulers.
	 * @param monitor the monitor, whose thread submits the probes
	 */
	public WorkerMetrics(EventLoopMonitor monitor) {
		this(monitor, sharedSchedulers());
	}

	WorkerMetrics(EventLoopMonitor monitor, Map<String, Supplier<Scheduler>> schedulers) {
		this.monitor = monitor;
		schedulers.forEach((name, scheduler) -> this.all.add(new Workers(name, scheduler)));
		monitor.addListener(this.listener);
	}

	private static Map<String, Supplier<Scheduler>> sharedSchedulers() {
		Map<String, Supplier<Scheduler>> schedulers = new LinkedHashMap<>();
		schedulers.put("boundedElastic", Schedulers::boundedElastic);
		schedulers.put("parallel", Schedulers::parallel);
		return schedulers;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		synchronized (this.registries) {
			this.registries.computeIfAbsent(registry, (key) -> {
				List<Meter> meters = new ArrayList<>();
				this.all.forEach((workers) -> workers.register(key, meters));
				return meters;
			});
		}
	}

	/**
	 * Return how long the probe of each scheduler has been waiting for a thread.
	 * @return the time, 0 if the probe is not waiting, by the name of the scheduler
	 */
	public Map<String, Duration> waits() {
		Map<String, Duration> waits = new LinkedHashMap<>();
		this.all.forEach((workers) -> waits.put(workers.name, Duration.ofNanos(workers.probe.waitingNanos())));
		return waits;
	}

	/**
	 * Stop submitting probes, and remove the meters from their registries.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		synchronized (this.registries) {
			this.all.forEach(Workers::close);
			this.registries.forEach((registry, meters) -> meters.forEach(registry::remove));
			this.registries.clear();
		}
	}

	/**
	 * The worker threads of a scheduler.
	 */
	private static final class Workers {

		private final String name;

		private final WorkerProbe probe;

		/** Thread-safe: workers record in them while others are added. */
		private final List<Timer> timers = new CopyOnWriteArrayList<>();

		Workers(String name, Supplier<Scheduler> scheduler) {
			this.name = name;
			this.probe = new WorkerProbe(scheduler, this::record);
		}

		void register(MeterRegistry registry, List<Meter> meters) {
			Timer latency = Timer.builder(EventLoopMeters.WORKERS_LATENCY.getName())
				.description(EventLoopMeters.WORKERS_LATENCY.getDescription())
				.tag(KeyNames.SCHEDULER.asString(), this.name)
				.minimumExpectedValue(SHORTEST_WAIT)
				.maximumExpectedValue(WorkerProbe.LONGEST_WAIT)
				.register(registry);
			this.timers.add(latency);
			meters.add(latency);
			meters.add(TimeGauge
				.builder(EventLoopMeters.WORKERS_WAITING.getName(), this.probe, TimeUnit.NANOSECONDS,
						WorkerProbe::waitingNanos)
				.description(EventLoopMeters.WORKERS_WAITING.getDescription())
				.tag(KeyNames.SCHEDULER.asString(), this.name)
				.strongReference(true)
				.register(registry));
		}

		private void record(long nanos) {
			this.timers.forEach((timer) -> timer.record(nanos, TimeUnit.NANOSECONDS));
		}

		void close() {
			this.probe.cancel();
			this.timers.clear();
		}

	}

}
