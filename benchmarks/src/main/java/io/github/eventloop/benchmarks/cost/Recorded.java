package io.github.eventloop.benchmarks.cost;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * What a request costs while blocking calls are recorded, which the whole JVM takes part
 * in: two JVMs on the same CPU are loaded at the same time, and only one of them records.
 */
final class Recorded implements AutoCloseable {

	private static final Requests MOST = new Requests(0);

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
	 * Load both without a figure.
	 * @param duration for how long
	 */
	void warmUp(Duration duration) {
		ratio(duration);
	}

	/**
	 * Measure without a recording, and with one.
	 * @param rounds how often to load both in each case
	 * @param slice for how long each time
	 * @param settling for how long before, for methods are compiled anew when a recording
	 * starts or ends
	 * @return what a request costs with a recording, beside what it costs without
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
				throw new IllegalStateException(recording ? "There is no recording" : "The recording goes on");
			}
			ratio(Duration.ofSeconds(1));
		}
	}

	/** What a request costs here, beside what it costs there. */
	private double ratio(Duration duration) {
		CompletableFuture<Double> there = CompletableFuture.supplyAsync(() -> cost(this.other, duration));
		return cost(this.fork, duration) / there.join();
	}

	private static double cost(Fork fork, Duration duration) {
		Duration before = fork.cpu();
		long answered = Objects
			.requireNonNull(fork.load(List.of(Side.AS_IT_COMES), MOST, duration).get(Side.AS_IT_COMES));
		return (double) fork.cpu().minus(before).toNanos() / answered;
	}

	@Override
	public void close() {
		try (this.other) {
			this.fork.close();
		}
	}

}
