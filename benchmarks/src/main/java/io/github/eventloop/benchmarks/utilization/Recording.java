package io.github.eventloop.benchmarks.utilization;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import tools.jackson.databind.JsonNode;

/**
 * What {@code /actuator/eventloop/history} says of a time.
 *
 * @param seconds second by second
 */
record Recording(List<Second> seconds) {

	/**
	 * Read an answer of the endpoint.
	 * @param history the answer
	 * @param fromEpochMillis where the time begins; seconds that began before are left
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
	 * @param from second that it begins with
	 * @param to second that it ends with
	 * @return the seconds that lie in between as a whole
	 */
	Recording between(double from, double to) {
		return new Recording(
				this.seconds.stream().filter((second) -> second.end() - 1 >= from && second.end() <= to).toList());
	}

	/**
	 * Return one figure of all seconds.
	 * @param figure which
	 * @return its values
	 */
	double[] column(ToDoubleFunction<Second> figure) {
		return this.seconds.stream().mapToDouble(figure).toArray();
	}

	/**
	 * Return the mean of a figure.
	 * @param figure which
	 * @return its mean, or NaN if there is not a single second
	 */
	double mean(ToDoubleFunction<Second> figure) {
		return this.seconds.stream().mapToDouble(figure).average().orElse(Double.NaN);
	}

	/**
	 * One second.
	 *
	 * @param end when it ended, in seconds since the beginning of the recording
	 * @param utilization mean of the loops, 0 to 1
	 * @param loopCpu share of it that a loop's thread had a CPU, mean of the loops
	 * @param processCpu share of the available CPUs that the process had
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
