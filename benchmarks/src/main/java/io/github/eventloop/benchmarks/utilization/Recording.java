package io.github.eventloop.benchmarks.utilization;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /actuator/eventloop/history} for a period.
 *
 * @param seconds the data of each second
 */
record Recording(List<Second> seconds) {

	/**
	 * Read an answer of the endpoint.
	 * @param history the answer
	 * @param fromEpochMillis the start of the period; seconds that began earlier are left
	 * out
	 * @return the seconds since then
	 */
	static Recording of(JsonNode history, long fromEpochMillis) {
		return new Recording(IntStream.range(0, history.get("epochMillis").size())
			.mapToObj((row) -> Second.of(history, row, fromEpochMillis))
			.filter((second) -> second.end() >= 1)
			.toList());
	}

	/**
	 * Return the part between two instants.
	 * @param from its start, in seconds
	 * @param to its end, in seconds
	 * @return the seconds that lie entirely in between
	 */
	Recording between(double from, double to) {
		return new Recording(
				this.seconds.stream().filter((second) -> second.end() - 1 >= from && second.end() <= to).toList());
	}

	/**
	 * Return a figure for all seconds.
	 * @param figure the figure
	 * @return its values
	 */
	double[] column(ToDoubleFunction<Second> figure) {
		return this.seconds.stream().mapToDouble(figure).toArray();
	}

	/**
	 * Return the mean of a figure.
	 * @param figure the figure
	 * @return its mean, or NaN if there are no seconds
	 */
	double mean(ToDoubleFunction<Second> figure) {
		return this.seconds.stream().mapToDouble(figure).average().orElse(Double.NaN);
	}

	/**
	 * The data of one second.
	 *
	 * @param end when it ended, in seconds since the start of the recording
	 * @param utilization mean of the loops, 0 to 1
	 * @param loopCpu share of the second that an event loop thread was on a CPU, mean of
	 * the loops
	 * @param processCpu share of the available CPUs that the process used
	 * @param lagP99Millis lag of all loops
	 * @param pauseMillis how long the process did not run
	 */
	record Second(double end, double utilization, double loopCpu, double processCpu, double lagP99Millis,
			double pauseMillis) {

		private static Second of(JsonNode history, int row, long fromEpochMillis) {
			return new Second((value(history, "epochMillis", row) - fromEpochMillis) / 1000,
					value(history, "utilization", row), value(history, "cpuUtilization", row),
					value(history, "processCpuUtilization", row), value(history, "lagP99Millis", row),
					value(history, "pauseMillis", row));
		}

		private static double value(JsonNode history, String column, int row) {
			return history.get(column).get(row).asDouble();
		}

	}

}
