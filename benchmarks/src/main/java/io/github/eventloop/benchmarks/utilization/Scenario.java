package io.github.eventloop.benchmarks.utilization;

import java.util.List;

/**
 * The requests to an instance of the sample, in three steps with an increasing rate.
 *
 * @param name its name in files and tables
 * @param title the title of its chart
 * @param path the requested path
 * @param steps requests per second, step by step
 * @param jvm options for the JVM
 * @param halved whether the process is limited to half a CPU
 */
record Scenario(String name, String title, String path, List<Integer> steps, List<String> jvm, boolean halved) {

	/** The loops compute, and no other threads do. */
	static final Scenario COMPUTING = new Scenario("computing", "The loops compute: utilization equals CPU",
			"/offenders/fibonacci?n=30", List.of(20, 60, 100), List.of(), false);

	/** The loops compute, and produce garbage that other threads collect. */
	static final Scenario GARBAGE = new Scenario("garbage", "Garbage: the process uses more CPU than the loops",
			"/offenders/garbage?rows=1000", List.of(4, 8, 14), List.of("-Xmx56m", "-XX:+UseG1GC"), false);

	/** Worker threads compute, and the loops have nothing to do. */
	static final Scenario OFFLOADED = new Scenario("offloaded",
			"Work on other threads: the process computes, the loops are idle", "/innocents/offloaded?customers=500000",
			List.of(5, 10, 18), List.of(), false);

	/** The loops compute, with half a CPU for the process. */
	static final Scenario QUOTA = new Scenario("quota",
			"A quota of half a CPU: CPU is limited to it, utilization reaches 1", "/offenders/fibonacci?n=30",
			List.of(20, 40, 200), List.of(), true);

	/** The loops wait for a service, in a blocking client. */
	static final Scenario BLOCKING = new Scenario("blocking", "Synchronous I/O: the loops are busy without computing",
			"/offenders/http?millis=50", List.of(8, 16, 24), List.of(), false);

	/** All scenarios. */
	static final List<Scenario> ALL = List.of(COMPUTING, GARBAGE, OFFLOADED, QUOTA, BLOCKING);

	/** The CPU quota of a halved process. */
	static final double HALF = 0.5;

	/**
	 * Return the number of CPUs that are available to the process, which is the number of
	 * its loops.
	 */
	int cpus() {
		return this.halved ? 1 : Runtime.getRuntime().availableProcessors();
	}

}
