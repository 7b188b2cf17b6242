package io.github.eventloop.blocking;

/**
 * Listener that is notified of every blocking call on an event loop. Invoked by a thread
 * of the library, never on the event loop thread. An implementation should return
 * quickly, because listeners are notified one after the other. Exceptions are logged and
 * otherwise ignored.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BlockingListener {

	/**
	 * Invoked when an event loop has made a blocking call, up to about a second ago.
	 * @param call the call
	 */
	void onBlockingCall(BlockingCall call);

}
