package io.github.eventloop.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * The times at which requests are due: phases of constant rate, one after the other.
 * Immutable.
 */
public final class Plan {

	private final List<Phase> phases;

	private final @Nullable Long seed;

	private Plan(List<Phase> phases, @Nullable Long seed) {
		this.phases = phases;
		this.seed = seed;
	}

	/**
	 * Plan a constant rate.
	 * @param perSecond requests per second, 0 for a break
	 * @param duration the duration
	 * @return the plan, with the same time between any two requests
	 */
	public static Plan steady(double perSecond, Duration duration) {
		return new Plan(List.of(new Phase(perSecond, duration)), null);
	}

	/**
	 * Add a phase.
	 * @param perSecond requests per second, 0 for a break
	 * @param duration the duration
	 * @return this plan, followed by the phase
	 */
	public Plan then(double perSecond, Duration duration) {
		List<Phase> phases = new ArrayList<>(this.phases);
		phases.add(new Phase(perSecond, duration));
		return new Plan(List.copyOf(phases), this.seed);
	}

	/**
	 * Send requests like many independent users: as a Poisson process, with exponentially
	 * distributed times between them.
	 * @param seed the seed of the random numbers, for the same times in every run
	 * @return this plan with random times
	 */
	public Plan poisson(long seed) {
		return new Plan(this.phases, seed);
	}

	/**
	 * Return the duration of the plan.
	 * @return the sum of the phases
	 */
	public Duration duration() {
		return this.phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
	}

	/**
	 * Return when requests are due.
	 * @return nanoseconds since the start, ascending, each below the duration
	 */
	PrimitiveIterator.OfLong dueTimes() {
		return new DueTimes(this.phases.iterator(), (this.seed != null) ? new Random(this.seed) : null);
	}

	private record Phase(double perSecond, Duration duration) {

		private Phase {
			if (!(perSecond >= 0) || perSecond > 1e6) {
				throw new IllegalArgumentException(
						"'perSecond' must be from 0 to 1000000 requests, but is " + perSecond);
			}
			if (duration.isNegative() || duration.isZero()) {
				throw new IllegalArgumentException("'duration' must be greater than 0, but is " + duration);
			}
		}

	}

	/**
	 * An iterator that sums up the times between requests as a double: accurate to well
	 * below a microsecond over hours.
	 */
	private static final class DueTimes implements PrimitiveIterator.OfLong {

		private final Iterator<Phase> phases;

		private final @Nullable Random random;

		private Phase phase;

		private double phaseEnd;

		private double next;

		private boolean more = true;

		private DueTimes(Iterator<Phase> phases, @Nullable Random random) {
			this.phases = phases;
			this.random = random;
			this.phase = phases.next();
			this.phaseEnd = this.phase.duration().toNanos();
			// As if a request had been due one gap earlier: the first is due at 0, or at
			// a random time.
			this.next = (random != null) ? gap() : 0;
			skipToPhaseOfNext();
		}

		private double gap() {
			double mean = 1e9 / this.phase.perSecond();
			return (this.random != null) ? -Math.log(1 - this.random.nextDouble()) * mean : mean;
		}

		private void skipToPhaseOfNext() {
			while (this.phase.perSecond() == 0 || this.next >= this.phaseEnd) {
				if (!this.phases.hasNext()) {
					this.more = false;
					return;
				}
				double start = this.phaseEnd;
				this.phase = this.phases.next();
				this.phaseEnd = start + this.phase.duration().toNanos();
				this.next = start;
				if (this.random != null && this.phase.perSecond() > 0) {
					// The exponential distribution is memoryless: starting anew is exact.
					this.next += gap();
				}
			}
		}

		@Override
		public boolean hasNext() {
			return this.more;
		}

		@Override
		public long nextLong() {
			if (!this.more) {
				throw new NoSuchElementException();
			}
			long due = (long) this.next;
			this.next += gap();
			skipToPhaseOfNext();
			return due;
		}

	}

}
