package io.github.eventloop.monitor;

import java.util.Arrays;

/**
 * How much each loop counts in the lag of all: as many channels as it carries, but at
 * least half of an equal share. Without that floor, idle connections on other loops would
 * hide a loop that is blocked: nearly all channels are fine, and yet every new connection
 * that is assigned to that loop hangs.
 */
final class ChannelWeights {

	private static final double FLOOR = 0.5;

	private ChannelWeights() {
	}

	/**
	 * Return the weights of loops.
	 * @param channels the number of channels of each
	 * @return the weight of each, in the same order; their sum is 1
	 */
	static double[] of(int... channels) {
		double floor = FLOOR / channels.length;
		double[] weights = new double[channels.length];
		double left = 1;
		long leftChannels = Arrays.stream(channels).asLongStream().sum();
		// A loop that is raised to the floor leaves less for the others, one of which may
		// fall below the floor for that reason.
		for (boolean raised = leftChannels > 0; raised;) {
			raised = false;
			for (int i = 0; i < channels.length; i++) {
				if (weights[i] == 0 && channels[i] * left < floor * leftChannels) {
					weights[i] = floor;
					left -= floor;
					leftChannels -= channels[i];
					raised = true;
				}
			}
		}
		for (int i = 0; i < channels.length; i++) {
			if (weights[i] == 0) {
				weights[i] = (leftChannels > 0) ? left * channels[i] / leftChannels : 1.0 / channels.length;
			}
		}
		return weights;
	}

}
