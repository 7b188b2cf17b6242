package io.github.eventloop.monitor.internal.loop;

import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * Ring buffer with one value for each of the last seconds, in the precision that a chart
 * needs.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
final class Column {

	private final float[] values;

	private long next;

	/**
	 * Create a column.
	 * @param seconds the capacity in seconds
	 * @param first the number of the first second that will be added
	 */
	Column(int seconds, long first) {
		this.values = new float[seconds];
		this.next = first;
	}

	void put(double value) {
		this.values[(int) (this.next++ % this.values.length)] = (float) value;
	}

	/**
	 * Return the newest values, oldest first.
	 * @param number the number of values; missing older ones are 0
	 * @return the values
	 */
	float[] newest(int number) {
		float[] result = new float[number];
		for (int i = 0; i < number; i++) {
			long second = this.next - number + i;
			result[i] = (second >= 0) ? this.values[(int) (second % this.values.length)] : 0;
		}
		return result;
	}

}
