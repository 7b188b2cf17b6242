package io.github.eventloop.metrics;

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

import io.github.eventloop.metrics.EventLoopMeters.KeyNames;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.Isolated;

/**
 * Publishes how long work waits for a thread that is handed to Reactor's
 * {@code boundedElastic} and {@code parallel} schedulers, as
 * {@link EventLoopMeters#WORKERS_LATENCY} and {@link EventLoopMeters#WORKERS_WAITING}.
 * The monitor's thread hands each of them one task a second that does nothing, unless the
 * one before still waits: what the application hands over at that moment fares as this
 * task does.
 * <p>
 * {@code boundedElastic} gives a task to a thread that is idle, starts one if there is
 * none, and only if it has all the threads that it may have, has the task wait for the
 * one with the least to do: for that one, even if another is done before. So the wait is
 * next to nothing until the last thread is taken. {@code parallel} gives tasks to its
 * threads in turn, whether or not they are busy: one task in as many as there are threads
 * meets the one that is blocked, and then the meters show that one. A task that has
 * waited for a minute is counted with that and given up, for its thread may never come
 * back while the others do.
 * <p>
 * Has the schedulers start threads: one for {@code boundedElastic}, all for
 * {@code parallel}, one a second. May be bound to several registries.
 * <p>
 * Thread-safe. Note: {@link #close()} should be called when the registries outlive the
 * monitor.
 *
 * @since 0.1.0
 */
public final class WorkerMetrics implements MeterBinder, AutoCloseable {

	/** To be handed over to an idle thread takes less. */
	private static final Duration SHORTEST_WAIT = Duration.ofNanos(100_000);

	private final EventLoopMonitor monitor;

	private final List<Workers> all = new ArrayList<>();

	/** The meters in each registry. Guarded by itself. */
	private final IdentityHashMap<MeterRegistry, List<Meter>> registries = new IdentityHashMap<>();

	private final EventLoopListener listener = new EventLoopListener() {

		@Override
		public void onSecond(EventLoopSecond second) {
			Isolated.forEach(WorkerMetrics.this.all, (workers) -> workers.sentinel.send());
		}

	};

	/**
	 * Publish the waits for Reactor's own schedulers.
	 * @param monitor its thread hands over the tasks
	 */
	public WorkerMetrics(EventLoopMonitor monitor) {
		this(monitor, reactorsOwn());
	}

	WorkerMetrics(EventLoopMonitor monitor, Map<String, Supplier<Scheduler>> schedulers) {
		this.monitor = monitor;
		schedulers.forEach((name, scheduler) -> this.all.add(new Workers(name, scheduler)));
		monitor.addListener(this.listener);
	}

	private static Map<String, Supplier<Scheduler>> reactorsOwn() {
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
	 * Hand over no more tasks, and take the meters out of their registries.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.listener);
		synchronized (this.registries) {
			this.all.forEach(Workers::forget);
			this.registries.forEach((registry, meters) -> meters.forEach(registry::remove));
			this.registries.clear();
		}
	}

	/**
	 * The threads of a scheduler.
	 */
	private static final class Workers {

		private final String name;

		private final WorkerSentinel sentinel;

		/** Thread-safe: the threads record while others are added. */
		private final List<Timer> timers = new CopyOnWriteArrayList<>();

		Workers(String name, Supplier<Scheduler> scheduler) {
			this.name = name;
			this.sentinel = new WorkerSentinel(scheduler, this::record);
		}

		void register(MeterRegistry registry, List<Meter> meters) {
			Timer latency = Timer.builder(EventLoopMeters.WORKERS_LATENCY.getName())
				.description(EventLoopMeters.WORKERS_LATENCY.getDescription())
				.tag(KeyNames.SCHEDULER.asString(), this.name)
				.minimumExpectedValue(SHORTEST_WAIT)
				.maximumExpectedValue(WorkerSentinel.LONGEST_WAIT)
				.register(registry);
			this.timers.add(latency);
			meters.add(latency);
			meters.add(TimeGauge
				.builder(EventLoopMeters.WORKERS_WAITING.getName(), this.sentinel, TimeUnit.NANOSECONDS,
						WorkerSentinel::waitingNanos)
				.description(EventLoopMeters.WORKERS_WAITING.getDescription())
				.tag(KeyNames.SCHEDULER.asString(), this.name)
				.strongReference(true)
				.register(registry));
		}

		private void record(long nanos) {
			this.timers.forEach((timer) -> timer.record(nanos, TimeUnit.NANOSECONDS));
		}

		void forget() {
			this.sentinel.cancel();
			this.timers.clear();
		}

	}

}
