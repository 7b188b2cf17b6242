package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.eventloop.benchmarks.BalancerRecording.Poll;
import io.github.eventloop.benchmarks.BalancerRun.BalancerScenario.Timeline;
import io.github.eventloop.benchmarks.LoadResult.Sample;

/**
 * The measurements of a fleet in one scenario, and the figures derived from them, which
 * are from the start of the lag.
 *
 * @param requests those of the clients that the figures are about
 * @param polls the ready instances as seen by the balancer
 */
record FleetRecording(FleetScenario scenario, Timeline timeline, LoadResult requests, List<Poll> polls) {

	/** An answer that takes longer is considered useless. */
	private static final long USEFUL_NANOS = Duration.ofSeconds(1).toNanos();

	static boolean isInTime(Sample sample) {
		return sample.isOk() && sample.latencyNanos() <= USEFUL_NANOS;
	}

	/** The share of the requests that were answered in time, until the end. */
	double inTime() {
		return this.requests.between(this.timeline.before(), this.timeline.end()).share(FleetRecording::isInTime);
	}

	/** The number of answers in time per second, during the lag. */
	double answersPerSecond() {
		return (double) this.requests.between(this.timeline.before(), this.timeline.lagEnd())
			.only(FleetRecording::isInTime)
			.sent() / this.timeline.lag().toSeconds();
	}

	/** The figure that columns are compared by. */
	double value() {
		return this.scenario.isClosedLoop() ? answersPerSecond() : inTime();
	}

	/** The longest time without a ready instance, in seconds. */
	double longestWithoutAny() {
		return absences((poll) -> poll.ready().isEmpty()).stream().mapToDouble(Absence::seconds).max().orElse(0);
	}

	/** The times at which an instance was not ready. */
	List<Absence> absences(String instance) {
		return absences((poll) -> !poll.ready().contains(instance));
	}

	private List<Absence> absences(Predicate<Poll> absent) {
		List<Absence> absences = new ArrayList<>();
		double start = Double.NaN;
		double last = this.timeline.end().toSeconds();
		for (Poll poll : this.polls) {
			if (poll.second() < this.timeline.before().toSeconds() || poll.second() > last) {
				continue;
			}
			if (absent.test(poll) && Double.isNaN(start)) {
				start = poll.second();
			}
			else if (!absent.test(poll) && !Double.isNaN(start)) {
				absences.add(absence(start, poll.second()));
				start = Double.NaN;
			}
		}
		if (!Double.isNaN(start)) {
			absences.add(absence(start, last));
		}
		return absences;
	}

	private Absence absence(double from, double to) {
		double lag = this.timeline.before().toSeconds();
		return new Absence(from - lag, to - lag);
	}

	/**
	 * Part of the time after the start of the lag, in seconds. Its end is that of the
	 * recording if the instance did not return.
	 */
	record Absence(double from, double to) {

		double seconds() {
			return this.to - this.from;
		}

		static String describe(List<Absence> absences) {
			return absences.isEmpty() ? "-"
					: absences.stream()
						.map((absence) -> Run.format("%.0f to %.0f s", absence.from(), absence.to()))
						.collect(Collectors.joining(", "));
		}

	}

}
