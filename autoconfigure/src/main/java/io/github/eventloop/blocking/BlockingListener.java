package io.github.eventloop.blocking;

/**
 * Told of every blocking call of a loop. Called by a thread of the library, never by the
 * loop: an implementation should return soon, for others are told after it. What it
 * throws is logged and harms nothing.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BlockingListener {

	/**
	 * A loop made a blocking call, up to a second ago or so.
	 * @param call the call
	 */
	void onBlockingCall(BlockingCall call);

}
