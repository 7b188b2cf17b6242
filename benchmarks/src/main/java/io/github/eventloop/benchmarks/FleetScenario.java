package io.github.eventloop.benchmarks;

import java.util.List;

/**
 * What happens to a fleet. A row of the table.
 */
enum FleetScenario {

	ONE("one", "one lags regardless of traffic"),

	ALL_REGARDLESS("all-regardless", "all slow, regardless of traffic"),

	ALL_CALLERS("all-callers", "shared slow backend"),

	TWICE("twice", "twice the capacity");

	/** The instance that lags if only one does. */
	static final String LAGGING = "b";

	private final String label;

	private final String title;

	FleetScenario(String label, String title) {
		this.label = label;
		this.title = title;
	}

	/** The name in options and files. */
	String label() {
		return this.label;
	}

	/** The name in tables, which is that of the row of the simulation. */
	String title() {
		return this.title;
	}

	/**
	 * Whether callers wait for each answer, so that the number of answers counts instead
	 * of their share.
	 */
	boolean isClosedLoop() {
		return this == ALL_CALLERS;
	}

	/**
	 * The settings of a fleet. A column of the table.
	 */
	enum FleetColumn {

		NOTHING("nothing", false, false),

		DEFAULTS("defaults", false, false),

		GATE("gate", true, false),

		SHEDDING("shedding", false, true),

		BOTH("both", true, true);

		private final String label;

		private final boolean gate;

		private final boolean shedding;

		FleetColumn(String label, boolean gate, boolean shedding) {
			this.label = label;
			this.gate = gate;
			this.shedding = shedding;
		}

		String label() {
			return this.label;
		}

		/** Whether a readiness gate decides which instances leave service. */
		boolean hasGate() {
			return this.gate;
		}

		/** The properties of each instance, without those of the gate. */
		List<String> properties() {
			return List.of("eventloop.readiness.enabled=" + (this != NOTHING),
					"eventloop.shedding.enabled=" + this.shedding);
		}

	}

}
