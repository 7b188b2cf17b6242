package io.github.eventloop.metrics;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters of event loops. Where nothing else is said, {@link EventLoopMetrics}
 * registers them.
 *
 * @since 0.1.0
 */
public enum EventLoopMeters implements MeterDocumentation {

	/**
	 * How long events wait for their loop.
	 */
	LAG("eventloop.lag", Meter.Type.TIMER, "seconds",
			"How long an event waits for its loop, in seconds: computed for events that become ready every 10 ms",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * The share of the window that a loop did not wait in its poll.
	 */
	UTILIZATION("eventloop.utilization", Meter.Type.GAUGE, null,
			"Share of the window's time that the loop did not wait in its poll, 0 to 1", KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Where the time of a loop went.
	 */
	TIME("eventloop.time", Meter.Type.COUNTER, "seconds",
			"Time since the loop started, in seconds: handling events (io), running tasks (tasks), waiting (idle)",
			KeyNames.GROUP, KeyNames.NAME, KeyNames.STATE),

	/**
	 * The share of the window that the thread of a loop had a CPU. Missing where the JVM
	 * cannot tell.
	 */
	CPU_UTILIZATION("eventloop.cpu.utilization", Meter.Type.GAUGE, null,
			"Share of the window's time that the loop's thread had a CPU, 0 to 1", KeyNames.GROUP, KeyNames.NAME),

	/**
	 * The iterations of a loop.
	 */
	ITERATIONS("eventloop.iterations", Meter.Type.COUNTER, null, "Iterations since the loop started", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * The events that a loop handled.
	 */
	EVENTS("eventloop.events", Meter.Type.COUNTER, null, "Events handled since the loop started", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * The events that were late before the loop saw them.
	 */
	EVENTS_WAITING("eventloop.events.waiting", Meter.Type.COUNTER, null,
			"Events handled since the loop started that were waiting before the loop looked for them", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * The tasks that wait for a loop.
	 */
	TASKS_PENDING("eventloop.tasks.pending", Meter.Type.GAUGE, null, "Tasks that wait for the loop, 0 or more",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * The channels registered with a loop.
	 */
	CHANNELS("eventloop.channels", Meter.Type.GAUGE, null, "Channels registered with the loop, 0 or more",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * The connections that wait for a loop that accepts.
	 */
	CONNECTIONS_WAITING("eventloop.connections.waiting", Meter.Type.GAUGE, null,
			"Connections that waited to be accepted by the loop when the last second ended, 0 or more; "
					+ "only for loops that accept connections, and where the operating system tells",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * The requests in flight on a loop.
	 */
	REQUESTS_ACTIVE("eventloop.requests.active", Meter.Type.GAUGE, null,
			"Requests that arrived on the loop and were not answered yet, 0 or more", KeyNames.GROUP, KeyNames.NAME),

	/**
	 * The blocking calls of loops. Registered by {@link BlockingMetrics}.
	 */
	BLOCKING_CALLS("eventloop.blocking.calls", Meter.Type.TIMER, "seconds",
			"How long loops waited in blocking calls, in seconds; 0 where the detector cannot tell", KeyNames.KIND),

	/**
	 * The stalls that have ended.
	 */
	STALLS("eventloop.stalls", Meter.Type.TIMER, "seconds",
			"How long a loop stalled, in seconds: one record for each iteration longer than the threshold",
			KeyNames.GROUP, KeyNames.CAUSE),

	/**
	 * The loops that are stalled.
	 */
	STALLS_IN_PROGRESS("eventloop.stalls.in.progress", Meter.Type.GAUGE, null,
			"Loops that are in an iteration longer than the threshold, 0 or more", KeyNames.GROUP),

	/**
	 * The pauses of the process.
	 */
	PAUSES("eventloop.pauses", Meter.Type.TIMER, "seconds",
			"How long the whole process was not running, in seconds: garbage collection, CPU throttling, suspension"),

	/**
	 * How long work that is handed over waits for a thread. Registered by
	 * {@link WorkerMetrics}.
	 */
	WORKERS_LATENCY("eventloop.workers.latency", Meter.Type.TIMER, "seconds",
			"How long work handed to a Reactor scheduler waits for a thread, in seconds: of one task a second",
			KeyNames.SCHEDULER),

	/**
	 * For how long work that was handed over has been waiting. Registered by
	 * {@link WorkerMetrics}.
	 */
	WORKERS_WAITING("eventloop.workers.waiting", Meter.Type.GAUGE, "seconds",
			"How long the task handed to a Reactor scheduler has been waiting for a thread so far, in seconds, "
					+ "0 if none waits",
			KeyNames.SCHEDULER),

	/**
	 * The requests that were refused because their loop lagged. Registered by
	 * {@link SheddingMetrics}.
	 */
	SHED_REQUESTS("eventloop.shed.requests", Meter.Type.COUNTER, null,
			"Requests refused because their loop lagged, since the start", KeyNames.GROUP),

	/**
	 * Whether the application asks for no traffic.
	 */
	OUT_OF_SERVICE("eventloop.out.of.service", Meter.Type.GAUGE, null,
			"Whether the loops are judged overloaded or stuck, so that no traffic should come: 1 if so, otherwise 0");

	private final String name;

	private final Meter.Type type;

	private final @Nullable String baseUnit;

	private final String description;

	@SuppressWarnings("ImmutableEnumChecker") // only copies are handed out
	private final KeyName[] keyNames;

	EventLoopMeters(String name, Meter.Type type, @Nullable String baseUnit, String description, KeyName... keyNames) {
		this.name = name;
		this.type = type;
		this.baseUnit = baseUnit;
		this.description = description;
		this.keyNames = keyNames;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.baseUnit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return this.keyNames.clone();
	}

	/**
	 * Return what the meter measures, with range and unit.
	 * @return the description
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * The keys of the tags. None of their values can be chosen by a caller of the
	 * application.
	 */
	public enum KeyNames implements KeyName {

		/**
		 * What the loops of one purpose have in common, such as {@code reactor-http}.
		 */
		GROUP("group"),

		/**
		 * The name of the loop's thread.
		 */
		NAME("name"),

		/**
		 * What a blocking call waited for: the name of a
		 * {@link io.github.eventloop.blocking.BlockingKind} in lower case.
		 */
		KIND("kind"),

		/**
		 * What the loop did: {@code io}, {@code tasks} or {@code idle}.
		 */
		STATE("state"),

		/**
		 * Why a loop stalled: the name of a {@link io.github.eventloop.stall.StallCause}
		 * in lower case.
		 */
		CAUSE("cause"),

		/**
		 * Reactor's name for a scheduler: {@code boundedElastic} or {@code parallel}.
		 */
		SCHEDULER("scheduler");

		private final String key;

		KeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
