package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A load of {@link SheddingRun} on a server with one loop.
 *
 * @param load the rate of requests at random times, as a share of the capacity
 * @param callers the number of callers that wait for each answer instead, or 0
 */
record SheddingRow(Requests requests, double load, int callers) {

	/** Time after which callers send the next request if one was shed. */
	private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

	private static final double LIGHT = 0.3;

	static List<SheddingRow> all() {
		List<SheddingRow> rows = new ArrayList<>();
		for (Requests requests : List.of(Requests.CPU, Requests.BLOCKING, Requests.MIXED)) {
			for (double load : new double[] { 0.7, 1.3, 2 }) {
				rows.add(new SheddingRow(requests, load, 0));
			}
		}
		rows.add(new SheddingRow(Requests.BLOCKING, 0, 6));
		rows.add(new SheddingRow(Requests.BACKEND, 0.1, 0));
		rows.add(new SheddingRow(Requests.GARBAGE, 0.7, 0));
		return rows;
	}

	static SheddingRow cpu(double load) {
		return new SheddingRow(Requests.CPU, load, 0);
	}

	String name() {
		return this.requests.name().toLowerCase(Locale.ROOT) + "-"
				+ ((this.callers > 0) ? this.callers + "-callers" : this.load);
	}

	/** Return the capacity of the loop, in requests per second. */
	double capacity() {
		return 1000 / this.requests.meanMillis;
	}

	/** Load a server, and return the requests. */
	LoadResult run(Instance server, Duration light, Duration heavy, Duration after) {
		if (this.callers > 0) {
			return load(server, this.requests.path).byCallers(this.callers, heavy, RETRY_AFTER);
		}
		Plan plan = plan(1 - this.requests.slowShare, light, heavy, after).poisson(1);
		RunningLoad running = load(server, this.requests.path).start(plan);
		if (this.requests.slowShare == 0) {
			return running.await();
		}
		RunningLoad slow = load(server, this.requests.slowPath)
			.start(plan(this.requests.slowShare, light, heavy, after).poisson(2));
		return running.await().and(slow.await());
	}

	private Plan plan(double share, Duration light, Duration heavy, Duration after) {
		double rate = share * capacity();
		double lightLoad = Math.min(LIGHT, this.load);
		return Plan.steady(lightLoad * rate, light).then(this.load * rate, heavy).then(lightLoad * rate, after);
	}

	/** Servers that run side by side have fewer connections, which take CPU to open. */
	private Load load(Instance server, String path) {
		return Load.get(server.url(path))
			.connections((this.requests == Requests.CPU) ? 400 : 100)
			.prefilledBy(SheddingRun.OPENING)
			.timeout(Duration.ofSeconds(10));
	}

	/** What the requests do on the loop. */
	enum Requests {

		/** They compute for 40 ms. */
		CPU("/work/40", 40),

		/** They sleep for 300 ms. */
		BLOCKING("/block/300", 300),

		/** Nine of ten sleep for 2 ms, one sleeps for 150 ms. */
		MIXED("/block/2", 0.9 * 2 + 0.1 * 150, "/block/150", 0.1),

		/** They wait for a backend, and take about a millisecond. */
		BACKEND("/backend/800", 1),

		/**
		 * They sleep for 4 ms, in a process that collects garbage every three seconds.
		 */
		GARBAGE("/block/4", 4);

		private final String path;

		private final double meanMillis;

		private final String slowPath;

		private final double slowShare;

		Requests(String path, double meanMillis) {
			this(path, meanMillis, path, 0);
		}

		Requests(String path, double meanMillis, String slowPath, double slowShare) {
			this.path = path;
			this.meanMillis = meanMillis;
			this.slowPath = slowPath;
			this.slowShare = slowShare;
		}

	}

}
