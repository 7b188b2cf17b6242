package io.github.eventloop.benchmarks.cost;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.ChildProcess;
import io.github.eventloop.benchmarks.process.Threads;

/**
 * One JVM with all sides, each with one loop, on one CPU. The sides are loaded at the
 * same time, so that whatever slows this CPU down affects all of them alike. They are
 * started in random order, so that none is always the first.
 */
final class Fork implements AutoCloseable {

	private static final Pattern READY = Pattern.compile(ComparedApplication.READY + "([^.]+)\\.");

	private static final Duration START = Duration.ofMinutes(2);

	private static final String LOOPS = "webflux-http-";

	private final ExecutorService clients = Executors.newCachedThreadPool();

	private final Path directory;

	private final ChildProcess process;

	private final Map<Side, Integer> ports = new EnumMap<>(Side.class);

	private final Map<Side, Long> loops = new EnumMap<>(Side.class);

	/**
	 * Start the JVM.
	 * @param name identifies it
	 * @param seed determines the order of the sides
	 * @param directory the directory for its log
	 */
	Fork(String name, int seed, Path directory) {
		this.directory = directory;
		List<Side> sides = new ArrayList<>(List.of(Side.values()));
		Collections.shuffle(sides, new Random(seed));
		List<String> command = new ArrayList<>(List.of("taskset", "-c", "0",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms512m", "-Xmx512m",
				"-XX:+UseSerialGC", "-Dreactor.netty.ioWorkerCount=1", Application.KEEP_READING, "-cp",
				System.getProperty("java.class.path"), ComparedApplication.class.getName()));
		sides.forEach((side) -> command.add(side.name()));
		this.process = ChildProcess.start(name, directory.resolve(name + ".log"), command);
		try {
			assign(sides, this.process.await("its start", (log) -> READY.matcher(log).find(), START));
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Assign ports and loop threads to the sides. Each side has started its loop before
	 * the next one is created.
	 */
	private void assign(List<Side> sides, String output) {
		Matcher ready = READY.matcher(output);
		ready.find();
		Scanner ports = new Scanner(ready.group(1));
		List<Long> threads = this.process.threads().ids((name) -> name.startsWith(LOOPS));
		if (threads.size() != sides.size()) {
			throw new IllegalStateException("Each server should have a single loop, but there are " + threads);
		}
		Iterator<Long> loops = threads.iterator();
		for (Side side : sides) {
			this.ports.put(side, ports.nextInt());
			this.loops.put(side, loops.next());
		}
	}

	/**
	 * Load some sides at the same time.
	 * @param sides the sides
	 * @param requests the requests to send to each of them
	 * @param duration for how long
	 * @return the number of answered requests of each
	 */
	Map<Side, Long> load(Collection<Side> sides, Requests requests, Duration duration) {
		Map<Side, CompletableFuture<Long>> answered = sides.stream()
			.collect(Collectors.toMap((side) -> side, (side) -> CompletableFuture
				.supplyAsync(() -> requests.send(port(side), duration, this.directory), this.clients)));
		return answered.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> entry.getValue().join()));
	}

	/**
	 * Load all sides at the same time.
	 * @param requests the requests to send to each of them
	 * @param duration for how long
	 * @return the cost of a request on each
	 */
	Costs round(Requests requests, Duration duration) {
		Threads threads = this.process.threads();
		Map<Side, Duration> before = new EnumMap<>(Side.class);
		this.loops.forEach((side, loop) -> before.put(side, threads.cpu(loop)));
		Map<Side, Double> nanos = new EnumMap<>(Side.class);
		load(Arrays.asList(Side.values()), requests, duration).forEach((side, answered) -> nanos.put(side,
				(double) threads.cpu(loop(side)).minus(Objects.requireNonNull(before.get(side))).toNanos() / answered));
		return new Costs(nanos);
	}

	/**
	 * Return the number of bytes that a request makes a side allocate.
	 * @param side the side
	 * @param duration for how long to load it
	 * @return bytes per request, allocated by its loop
	 */
	double allocated(Side side, Duration duration) {
		long before = Long.parseLong(request(side, "GET", "/allocated"));
		long answered = Objects.requireNonNull(load(List.of(side), new Requests(0), duration).get(side));
		return (double) (Long.parseLong(request(side, "GET", "/allocated")) - before) / answered;
	}

	/**
	 * Start or stop recording blocking calls.
	 * @param recording whether to record
	 */
	void record(boolean recording) {
		request(Side.DEFAULTS, recording ? "POST" : "DELETE", "/recording");
	}

	/**
	 * Return whether the JVM records.
	 */
	boolean isRecording() {
		return Boolean.parseBoolean(request(Side.DEFAULTS, "GET", "/recording"));
	}

	/**
	 * Return the CPU time of all threads of the JVM, including terminated ones: the JVM
	 * stops idle compiler threads.
	 */
	Duration cpu() {
		return this.process.cpu();
	}

	private String request(Side side, String method, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(side) + path))
			.method(method, BodyPublishers.noBody())
			.build();
		HttpResponse<String> answer = HttpClient.newHttpClient()
			.sendAsync(request, BodyHandlers.ofString())
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
		if (answer.statusCode() != 200) {
			throw new IllegalStateException(method + " " + path + " was answered with " + answer.statusCode());
		}
		return answer.body();
	}

	private int port(Side side) {
		return Objects.requireNonNull(this.ports.get(side));
	}

	private long loop(Side side) {
		return Objects.requireNonNull(this.loops.get(side));
	}

	@Override
	public void close() {
		this.process.close();
		this.clients.shutdownNow();
	}

}
