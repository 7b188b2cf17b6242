package io.github.eventloop.blocking;

/**
 * Sees blocking calls of loops, and adds them to {@link BlockingCalls}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface BlockingDetector extends AutoCloseable {

	/**
	 * Start to look. Never fails: a detector that cannot look says so in the log, with
	 * what to do about it.
	 */
	void start();

	/**
	 * Stop to look, for good. What was seen stays.
	 */
	@Override
	void close();

	/**
	 * Return a detector that sees nothing and costs nothing.
	 * @return the detector
	 */
	static BlockingDetector none() {
		return new BlockingDetector() {

			@Override
			public void start() {
			}

			@Override
			public void close() {
			}

		};
	}

}
