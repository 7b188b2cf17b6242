package io.github.eventloop.monitor.internal.second;

import java.util.Arrays;

/**
 * Weights of the loops in the lag of all loops: in proportion to their channels, but at
 * least half of an equal share. Without that floor, idle connections on other loops would
 * hide a blocked loop: nearly all channels are fine, but every new connection that is
 * assigned to the blocked loop hangs.
 */
public final class ChannelWeights {

	private static final double FLOOR = 0.5;

	private ChannelWeights() {
	}

	/**
	 * Return the weights of loops.
	 * @param channels the number of channels of each loop
	 * @return the weight of each loop, in the same order; their sum is 1
	 */
	public static double[] of(int... channels) {
		double floor = FLOOR / channels.length;
		double[] weights = new double[channels.length];
		double remaining = 1;
		long remainingChannels = Arrays.stream(channels).asLongStream().sum();
		// Raising a loop to the floor reduces the weights of the others, which may push
		// another one below the floor.
		for (boolean raised = remainingChannels > 0; raised;) {
			raised = false;
			for (int i = 0; i < channels.length; i++) {
				if (weights[i] == 0 && channels[i] * remaining < floor * remainingChannels) {
					weights[i] = floor;
					remaining -= floor;
					remainingChannels -= channels[i];
					raised = true;
				}
			}
		}
		for (int i = 0; i < channels.length; i++) {
			if (weights[i] == 0) {
				weights[i] = (remainingChannels > 0) ? remaining * channels[i] / remainingChannels
						: 1.0 / channels.length;
			}
		}
		return weights;
	}

}
