package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * The times at which requests are due: phases of constant rate, one after the other.
 * Immutable.
 */
public final class Plan {

	private final List<Phase> phases;

	private final @Nullable Long seed;

	private Plan(List<Phase> phases, @Nullable Long seed) {
		this.phases = List.copyOf(phases);
		this.seed = seed;
	}

	/**
	 * Plan a constant rate, which may be 0, with the same time between any two requests.
	 */
	public static Plan steady(double perSecond, Duration duration) {
		return new Plan(List.of(new Phase(perSecond, duration)), null);
	}

	/** Add a phase with another rate. */
	public Plan then(double perSecond, Duration duration) {
		List<Phase> phases = new ArrayList<>(this.phases);
		phases.add(new Phase(perSecond, duration));
		return new Plan(phases, this.seed);
	}

	/**
	 * Send requests like many independent users: as a Poisson process, with exponentially
	 * distributed times between them, which are the same for the same seed.
	 */
	Plan poisson(long seed) {
		return new Plan(this.phases, seed);
	}

	Duration duration() {
		return this.phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
	}

	/** Return when requests are due, in nanoseconds since the start. */
	PrimitiveIterator.OfLong dueTimes() {
		Random random = (this.seed != null) ? new Random(this.seed) : null;
		List<LongStream> times = new ArrayList<>();
		Duration start = Duration.ZERO;
		for (Phase phase : this.phases) {
			times.add(phase.dueTimes(start.toNanos(), random));
			start = start.plus(phase.duration());
		}
		return times.stream().reduce(LongStream.empty(), LongStream::concat).iterator();
	}

	private record Phase(double perSecond, Duration duration) {

		private Phase {
			if (!(perSecond >= 0) || perSecond > 1e6) {
				throw new IllegalArgumentException(
						"'perSecond' must be from 0 to 1000000 requests, but is " + perSecond);
			}
		}

		/**
		 * The exponential distribution is memoryless, so starting anew is exact. The
		 * times are summed up as a double: accurate to well below a microsecond over
		 * hours.
		 */
		private LongStream dueTimes(long start, @Nullable Random random) {
			if (this.perSecond == 0) {
				return LongStream.empty();
			}
			double mean = 1e9 / this.perSecond;
			double end = this.duration.toNanos();
			return DoubleStream
				.iterate((random != null) ? gap(mean, random) : 0, (due) -> due < end,
						(due) -> due + ((random != null) ? gap(mean, random) : mean))
				.mapToLong((due) -> start + (long) due);
		}

		private static double gap(double mean, Random random) {
			return -Math.log(1 - random.nextDouble()) * mean;
		}

	}

}
