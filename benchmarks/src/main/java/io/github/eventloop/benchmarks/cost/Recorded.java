package io.github.eventloop.benchmarks.cost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Measurement of the cost of a request while blocking calls are recorded. Recording
 * affects the whole JVM, so two JVMs on the same CPU are loaded at the same time, and
 * only one of them records.
 */
final class Recorded implements AutoCloseable {

	private static final Requests SATURATING = new Requests(0);

	private static final int SECONDS_TO_START = 20;

	private final Fork fork;

	private final Fork other;

	Recorded(Path directory) {
		this.fork = new Fork("recorded", 1, directory);
		try {
			this.other = new Fork("not-recorded", 1, directory);
		}
		catch (RuntimeException ex) {
			this.fork.close();
			throw ex;
		}
	}

	/**
	 * Load both JVMs without measuring.
	 * @param duration for how long
	 */
	void warmUp(Duration duration) {
		ratio(duration);
	}

	/**
	 * Measure without a recording, and then with one.
	 * @param rounds how often to load both in each case
	 * @param slice the duration of each round
	 * @param settling how long to load them before measuring, because methods are
	 * recompiled when a recording starts or stops
	 * @return the cost of a request with a recording, relative to the cost without
	 */
	double cycle(int rounds, Duration slice, Duration settling) {
		record(false);
		ratio(settling);
		double without = mean(rounds, slice);
		record(true);
		ratio(settling);
		return mean(rounds, slice) / without;
	}

	private double mean(int rounds, Duration slice) {
		return IntStream.range(0, rounds).mapToDouble((round) -> ratio(slice)).average().orElseThrow();
	}

	private void record(boolean recording) {
		this.fork.record(recording);
		for (int second = 0; this.fork.isRecording() != recording; second++) {
			if (second == SECONDS_TO_START) {
				throw new IllegalStateException(recording ? "Recording did not start" : "Recording did not stop");
			}
			ratio(Duration.ofSeconds(1));
		}
	}

	/** The cost of a request in the recording JVM, relative to the other one. */
	private double ratio(Duration duration) {
		CompletableFuture<Double> there = CompletableFuture.supplyAsync(() -> cost(this.other, duration));
		return cost(this.fork, duration) / there.join();
	}

	private static double cost(Fork fork, Duration duration) {
		Duration before = fork.cpu();
		long answered = Objects
			.requireNonNull(fork.load(List.of(Side.DEFAULTS), SATURATING, duration).get(Side.DEFAULTS));
		return (double) fork.cpu().minus(before).toNanos() / answered;
	}

	@Override
	public void close() {
		try (this.other) {
			this.fork.close();
		}
	}

}
