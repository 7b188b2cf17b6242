package io.github.eventloop.stall;

/**
 * Whose code a frame of a stack is.
 */
enum FrameOwner {

	/**
	 * The application's own: the first to blame.
	 */
	APPLICATION,

	/**
	 * A library that the application chose, such as a JDBC driver: to blame where the
	 * application itself is not on the stack.
	 */
	LIBRARY,

	/**
	 * JDK, Netty, Reactor, Spring, Kotlin and this library: never to blame.
	 */
	FRAMEWORK

}
