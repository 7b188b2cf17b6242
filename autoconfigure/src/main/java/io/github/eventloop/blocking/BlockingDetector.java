package io.github.eventloop.blocking;

/**
 * Detects blocking calls on event loops, and adds them to {@link BlockingCalls}.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface BlockingDetector extends AutoCloseable {

	/**
	 * Start detecting blocking calls. Never fails: a detector that cannot start logs the
	 * reason and what to do about it.
	 */
	void start();

	/**
	 * Stop the detector for good. The calls that it has added are kept.
	 */
	@Override
	void close();

	/**
	 * Return a detector that does nothing.
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
