package io.github.eventloop.benchmarks.utilization;

import java.util.List;

/**
 * What an instance of the sample is asked for, in three steps, each with more requests
 * than the one before.
 *
 * @param name what files and tables call it
 * @param title what stands above its picture
 * @param path what is asked for
 * @param steps how many requests come in a second, step by step
 * @param jvm options for the JVM
 * @param halved whether the process may use half a CPU, and no more
 */
record Scenario(String name, String title, String path, List<Integer> steps, List<String> jvm, boolean halved) {

	/** The loops compute, and nobody else does. */
	static final Scenario COMPUTING = new Scenario("computing", "The loops compute: utilization and CPU are one",
			"/offenders/fibonacci?n=30", List.of(20, 60, 100), List.of(), false);

	/** The loops compute, and leave garbage behind that others collect. */
	static final Scenario GARBAGE = new Scenario("garbage", "Garbage: the process has more CPU than the loops",
			"/offenders/garbage?rows=1000", List.of(4, 8, 14), List.of("-Xmx56m", "-XX:+UseG1GC"), false);

	/** Worker threads compute, and the loops have nothing to do. */
	static final Scenario OFFLOADED = new Scenario("offloaded",
			"Work on other threads: the process computes, the loops are free", "/innocents/offloaded?customers=500000",
			List.of(5, 10, 18), List.of(), false);

	/** As with computing, but there is half a CPU to do it with. */
	static final Scenario QUOTA = new Scenario("quota", "A quota of half a CPU: CPU ends there, utilization at 1",
			"/offenders/fibonacci?n=30", List.of(20, 40, 200), List.of(), true);

	/** The loops wait for a service, in a client that blocks them. */
	static final Scenario BLOCKING = new Scenario("blocking",
			"Synchronous I/O: the loops are taken, and nobody computes", "/offenders/http?millis=50",
			List.of(8, 16, 24), List.of(), false);

	/** All of them. */
	static final List<Scenario> ALL = List.of(COMPUTING, GARBAGE, OFFLOADED, QUOTA, BLOCKING);

	/** CPUs that a process has that is halved. */
	static final double HALF = 0.5;

	/**
	 * Return how many CPUs the process sees, and so how many loops there are.
	 */
	int cpus() {
		return this.halved ? 1 : Runtime.getRuntime().availableProcessors();
	}

}
