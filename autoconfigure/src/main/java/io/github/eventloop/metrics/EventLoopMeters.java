package io.github.eventloop.metrics;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * Documented meters of event loops.
 *
 * @since 0.1.0
 */
public enum EventLoopMeters implements MeterDocumentation {

	/**
	 * Time that events wait for their event loop.
	 */
	LAG("eventloop.lag", Meter.Type.TIMER, "seconds",
			"How long an event waits for its loop, in seconds: computed for events that become ready every 10 ms",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Share of the window in which a loop did not wait in its poll.
	 */
	UTILIZATION("eventloop.utilization", Meter.Type.GAUGE, null,
			"Share of the window's time that the loop did not wait in its poll, 0 to 1", KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Time of a loop by state.
	 */
	TIME("eventloop.time", Meter.Type.COUNTER, "seconds",
			"Time since the loop started, in seconds: handling events (io), running tasks (tasks), waiting (idle)",
			KeyNames.GROUP, KeyNames.NAME, KeyNames.STATE),

	/**
	 * Share of the window in which the thread of a loop ran on a CPU. Not registered if
	 * the JVM does not measure it.
	 */
	CPU_UTILIZATION("eventloop.cpu.utilization", Meter.Type.GAUGE, null,
			"Share of the window's time that the loop's thread ran on a CPU, 0 to 1", KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Iterations of a loop.
	 */
	ITERATIONS("eventloop.iterations", Meter.Type.COUNTER, null, "Iterations since the loop started", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * Events handled by a loop.
	 */
	EVENTS("eventloop.events", Meter.Type.COUNTER, null, "Events handled since the loop started", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * Events that were already waiting when the loop polled.
	 */
	EVENTS_WAITING("eventloop.events.waiting", Meter.Type.COUNTER, null,
			"Events handled since the loop started that were already waiting when the loop polled", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * Tasks that wait in the queue of a loop.
	 */
	TASKS_PENDING("eventloop.tasks.pending", Meter.Type.GAUGE, null, "Tasks that wait for the loop, 0 or more",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Channels registered with a loop.
	 */
	CHANNELS("eventloop.channels", Meter.Type.GAUGE, null, "Channels registered with the loop, 0 or more",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Connections that wait to be accepted by a loop.
	 */
	CONNECTIONS_WAITING("eventloop.connections.waiting", Meter.Type.GAUGE, null,
			"Connections that waited to be accepted by the loop when the last second ended, 0 or more; "
					+ "only for loops that accept connections, and where the operating system reports it",
			KeyNames.GROUP, KeyNames.NAME),

	/**
	 * Requests in flight on a loop.
	 */
	REQUESTS_ACTIVE("eventloop.requests.active", Meter.Type.GAUGE, null,
			"Requests that arrived on the loop and have not been answered yet, 0 or more", KeyNames.GROUP,
			KeyNames.NAME),

	/**
	 * Blocking calls on event loops.
	 */
	BLOCKING_CALLS("eventloop.blocking.calls", Meter.Type.TIMER, "seconds",
			"How long loops waited in blocking calls, in seconds; 0 if the detector does not measure it",
			KeyNames.KIND),

	/**
	 * Stalls that have ended.
	 */
	STALLS("eventloop.stalls", Meter.Type.TIMER, "seconds",
			"How long a loop stalled, in seconds: one record for each iteration longer than the threshold",
			KeyNames.GROUP, KeyNames.CAUSE),

	/**
	 * Loops that are currently stalled.
	 */
	STALLS_IN_PROGRESS("eventloop.stalls.in.progress", Meter.Type.GAUGE, null,
			"Loops that are in an iteration longer than the threshold, 0 or more", KeyNames.GROUP),

	/**
	 * Pauses of the whole process.
	 */
	PAUSES("eventloop.pauses", Meter.Type.TIMER, "seconds",
			"How long the whole process was not running, in seconds: garbage collection, CPU throttling, suspension"),

	/**
	 * Time that work submitted to a scheduler waits for a thread.
	 */
	WORKERS_LATENCY("eventloop.workers.latency", Meter.Type.TIMER, "seconds",
			"How long work submitted to a Reactor scheduler waits for a thread, in seconds; "
					+ "measured with one task per second",
			KeyNames.SCHEDULER),

	/**
	 * Time that work submitted to a scheduler has been waiting so far.
	 */
	WORKERS_WAITING("eventloop.workers.waiting", Meter.Type.GAUGE, "seconds",
			"How long the task submitted to a Reactor scheduler has been waiting for a thread so far, in seconds; "
					+ "0 if none is waiting",
			KeyNames.SCHEDULER),

	/**
	 * Requests shed because their loop lagged.
	 */
	SHED_REQUESTS("eventloop.shed.requests", Meter.Type.COUNTER, null,
			"Requests shed because their loop lagged, since the start", KeyNames.GROUP),

	/**
	 * Whether the application is out of service because of its event loops.
	 */
	OUT_OF_SERVICE("eventloop.out.of.service", Meter.Type.GAUGE, null,
			"Whether the loops are overloaded or stuck, so that the application should receive no traffic: "
					+ "1 if so, otherwise 0"),

	/**
	 * How often the application stayed in service in trouble.
	 */
	READINESS_STAYS("eventloop.readiness.stays", Meter.Type.COUNTER, null,
			"How often the application stayed in service although its loops were overloaded or stuck, since the start");

	private final String name;

	private final Meter.Type type;

	private final @Nullable String baseUnit;

	private final String description;

	@SuppressWarnings("ImmutableEnumChecker") // only copies are returned
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
	 * Return the description of the meter, with range and unit.
	 * @return the description
	 */
	public String getDescription() {
		return this.description;
	}

	/**
	 * Keys of the tags. None of their values can be chosen by a client of the
	 * application.
	 */
	public enum KeyNames implements KeyName {

		/**
		 * Group of loops with the same purpose, such as {@code reactor-http}.
		 */
		GROUP("group"),

		/**
		 * Name of the loop's thread.
		 */
		NAME("name"),

		/**
		 * Kind of a blocking call: the name of a
		 * {@link io.github.eventloop.blocking.BlockingKind} in lower case.
		 */
		KIND("kind"),

		/**
		 * State of the loop: {@code io}, {@code tasks} or {@code idle}.
		 */
		STATE("state"),

		/**
		 * Cause of a stall: the name of a {@link io.github.eventloop.stall.StallCause} in
		 * lower case.
		 */
		CAUSE("cause"),

		/**
		 * Name of a Reactor scheduler: {@code boundedElastic} or {@code parallel}.
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
