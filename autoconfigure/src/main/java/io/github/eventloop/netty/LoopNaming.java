package io.github.eventloop.netty;

/**
 * Knows what the loops of one {@link MonitoredLoopResources} are called.
 */
interface LoopNaming {

	/**
	 * Return the name of the group.
	 * @return the prefix of the threads' names
	 */
	String group();

	/**
	 * Return the name that the thread of a loop will have if the loops are started in
	 * their order: a thread is numbered when it is started.
	 * @param loop a loop that has not started
	 * @return the name
	 */
	String expectedName(MonitoredEventLoop loop);

}
