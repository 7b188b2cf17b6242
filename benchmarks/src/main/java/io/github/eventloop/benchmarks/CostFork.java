package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.ComparedApplication.Side;

/**
 * One JVM with all sides, each with one loop, on one CPU, and their clients on another.
 * The sides are loaded at the same time, so that whatever slows this CPU down affects all
 * of them alike. They are started in random order, so that none is always the first.
 */
final class CostFork implements AutoCloseable {

	/** Stands for requests that are sent as fast as they are answered. */
	static final int SATURATING = 0;

	/** The servers have the first CPU to themselves. */
	private static final String OTHER_CPU = "1";

	private static final int CONNECTIONS = 3;

	/** A client that is late sends all requests that have become due at once. */
	private static final int LATEST_MILLIS = 250;

	private static final Pattern ANSWERED = Pattern
		.compile("requests: (\\d+) total, \\d+ started, \\d+ done, (\\d+) succeeded, 0 failed, 0 errored, 0 timeout");

	private final ExecutorService clients = Executors.newCachedThreadPool();

	private final ComparedRequest request;

	private final Path directory;

	private final ChildProcess process;

	private final Map<Side, Integer> ports = new EnumMap<>(Side.class);

	private final Map<Side, Long> loops = new EnumMap<>(Side.class);

	/** Start the JVM with all sides, in an order that is determined by a seed. */
	CostFork(String name, int seed, Path directory) {
		this(name, seed, directory, ComparedRequest.HELLO, List.of(Side.values()), 0);
	}

	/**
	 * Start the JVM with some sides, in an order that is determined by a seed.
	 * @param backend the port that requests are forwarded to
	 */
	CostFork(String name, int seed, Path directory, ComparedRequest request, List<Side> chosen, int backend) {
		this.request = request;
		this.directory = directory;
		List<Side> sides = new ArrayList<>(chosen);
		Collections.shuffle(sides, new Random(seed));
		List<String> command = new ArrayList<>(List.of("taskset", "-c", "0", Program.jdk("java"), "-Xms512m",
				"-Xmx512m", "-XX:+UseSerialGC", "-Dreactor.netty.ioWorkerCount=1", Application.KEEP_READING, "-cp",
				request.classPath(), ComparedApplication.class.getName()));
		command.addAll(request.arguments(directory, backend));
		sides.forEach((side) -> command.add(side.name()));
		this.process = ChildProcess.start(name, directory, command);
		String[] printed = this.process.await(ComparedApplication.READY + "([\\d ]+)\\.", Duration.ofMinutes(2))
			.get(0)
			.group(1)
			.split(" ", -1);
		// Each side has started its loop before the next one is created.
		List<Long> threads = this.process.threads().ids((thread) -> thread.startsWith("webflux-http-"));
		if (threads.size() != sides.size()) {
			close();
			throw new IllegalStateException("Each server should have a single loop, but there are " + threads);
		}
		for (int i = 0; i < sides.size(); i++) {
			this.ports.put(sides.get(i), Integer.valueOf(printed[i]));
			this.loops.put(sides.get(i), threads.get(i));
		}
	}

	/** Move all threads of this program off the CPU of the servers. */
	static void moveToOtherCpu(Path directory) {
		String pid = Long.toString(ProcessHandle.current().pid());
		Command moved = Command.run(directory, "", List.of("taskset", "-a", "-c", "-p", OTHER_CPU, pid));
		if (moved.status() != 0) {
			throw new IllegalStateException("Could not move to another CPU:\n" + moved.output());
		}
	}

	/**
	 * Load some sides at the same time, over three persistent connections each: with
	 * h2load as fast as requests are answered, or with this program at a given rate and
	 * at random times. Evenly spaced requests, as h2load sends them, may coincide with
	 * those to other servers always or never: with them, the cost of two equal servers at
	 * 30 % was known only to 7 %, after six JVMs.
	 * @return the number of answered requests of each
	 */
	Map<Side, Long> load(Collection<Side> sides, int perSecond, Duration duration) {
		Map<Side, CompletableFuture<Long>> pending = new EnumMap<>(Side.class);
		sides.forEach((side) -> pending.put(side, CompletableFuture.supplyAsync(() -> {
			String url = this.request.url(port(side));
			return (perSecond > 0) ? sendSome(url, perSecond, duration) : sendAll(url, duration);
		}, this.clients)));
		Map<Side, Long> answered = new EnumMap<>(Side.class);
		pending.forEach((side, requests) -> answered.put(side, requests.join()));
		return answered;
	}

	private static long sendSome(String url, int perSecond, Duration duration) {
		LoadResult result = Load.get(url)
			.connections(CONNECTIONS)
			.prefilled()
			.start(Plan.steady(perSecond, duration).poisson(ThreadLocalRandom.current().nextLong()))
			.await()
			.requireAllOk();
		if (result.clientLagP99Millis() > LATEST_MILLIS) {
			throw new IllegalStateException(
					"The client cannot keep up with the rate: it was late by " + result.clientLagP99Millis() + " ms");
		}
		return (long) result.sent() + CONNECTIONS;
	}

	private long sendAll(String url, Duration duration) {
		List<String> command = new ArrayList<>(List.of("taskset", "-c", OTHER_CPU, Program.path("h2load"), "-t1",
				"-c" + CONNECTIONS, "-D" + duration.toSeconds(), url));
		command.addAll(this.request.h2load());
		String output = Command.run(this.directory, "", command).output();
		Matcher answered = ANSWERED.matcher(output);
		if (!answered.find()) {
			throw new IllegalStateException("Not all requests were answered:\n" + output);
		}
		return Long.parseLong(answered.group(2));
	}

	/**
	 * Load all sides of the JVM at the same time, and return the cost of a request on
	 * each.
	 */
	Costs round(int perSecond, Duration duration) {
		Threads threads = this.process.threads();
		Map<Side, Double> nanos = new EnumMap<>(Side.class);
		this.loops.forEach((side, loop) -> nanos.put(side, (double) -threads.cpu(loop).toNanos()));
		Map<Side, Long> answered = load(this.loops.keySet(), perSecond, duration);
		this.loops.forEach((side, loop) -> nanos.merge(side, (double) threads.cpu(loop).toNanos(), Double::sum));
		nanos.replaceAll((side, total) -> total / Objects.requireNonNull(answered.get(side)));
		return new Costs(nanos);
	}

	/** Return the number of bytes that the loop of a side allocates for a request. */
	double allocated(Side side, Duration duration) {
		long before = Long.parseLong(Http.get(url(side, "/allocated")));
		long answered = Objects.requireNonNull(load(List.of(side), SATURATING, duration).get(side));
		return (double) (Long.parseLong(Http.get(url(side, "/allocated"))) - before) / answered;
	}

	/** Start or stop recording blocking calls. */
	void record(boolean recording) {
		Http.send(recording ? "POST" : "DELETE", url(Side.DEFAULTS, "/recording"));
	}

	boolean isRecording() {
		return Boolean.parseBoolean(Http.get(url(Side.DEFAULTS, "/recording")));
	}

	/**
	 * Return the CPU time of all threads of the JVM, including terminated ones: the JVM
	 * stops idle compiler threads.
	 */
	Duration cpu() {
		return this.process.cpu();
	}

	private String url(Side side, String path) {
		return this.request.url(port(side), path);
	}

	private int port(Side side) {
		return Objects.requireNonNull(this.ports.get(side));
	}

	@Override
	public void close() {
		this.process.close();
		this.clients.shutdownNow();
	}

	/**
	 * The cost of a request on each side, with all of them loaded at the same time.
	 *
	 * @param nanos CPU time of the side's loop per request, in nanoseconds
	 */
	record Costs(Map<Side, Double> nanos) {

		double of(Side side) {
			return Objects.requireNonNull(this.nanos.get(side));
		}

		/** Return the mean of both sides without the library. */
		double stock() {
			return (of(Side.STOCK) + of(Side.STOCK_TOO)) / 2;
		}

		/** Return the cost of a side, relative to that without the library. */
		double ratio(Side side) {
			return of(side) / stock();
		}

	}

	/**
	 * Measurement of the cost of a request while blocking calls are recorded. Recording
	 * affects the whole JVM, so two JVMs on the same CPU are loaded at the same time, and
	 * only one of them records.
	 */
	static final class CostRecorded implements AutoCloseable {

		private static final int SECONDS_TO_START = 20;

		private final CostFork fork;

		private final CostFork other;

		CostRecorded(Path directory) {
			this.fork = new CostFork("recorded", 1, directory);
			try {
				this.other = new CostFork("not-recorded", 1, directory);
			}
			catch (RuntimeException ex) {
				this.fork.close();
				throw ex;
			}
		}

		/**
		 * Measure rounds without a recording, and then with one. Both JVMs are loaded
		 * before, because methods are recompiled when a recording starts or stops.
		 * @return the cost of a request with a recording, relative to the cost without
		 */
		double cycle(int rounds, Duration slice, Duration settling) {
			double without = mean(false, rounds, slice, settling);
			return mean(true, rounds, slice, settling) / without;
		}

		private double mean(boolean recording, int rounds, Duration slice, Duration settling) {
			this.fork.record(recording);
			for (int second = 0; this.fork.isRecording() != recording; second++) {
				if (second == SECONDS_TO_START) {
					throw new IllegalStateException("Recording did not " + (recording ? "start" : "stop"));
				}
				ratio(Duration.ofSeconds(1));
			}
			ratio(settling);
			return IntStream.range(0, rounds).mapToDouble((round) -> ratio(slice)).average().orElseThrow();
		}

		/**
		 * Load both, and return the cost of a request in the first JVM, relative to the
		 * other one.
		 */
		double ratio(Duration duration) {
			CompletableFuture<Double> there = CompletableFuture.supplyAsync(() -> cost(this.other, duration));
			return cost(this.fork, duration) / there.join();
		}

		private static double cost(CostFork fork, Duration duration) {
			Duration before = fork.cpu();
			long answered = Objects
				.requireNonNull(fork.load(List.of(Side.DEFAULTS), CostFork.SATURATING, duration).get(Side.DEFAULTS));
			return (double) fork.cpu().minus(before).toNanos() / answered;
		}

		@Override
		public void close() {
			try (this.other) {
				this.fork.close();
			}
		}

	}

}
