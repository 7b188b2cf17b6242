package io.github.eventloop.stall;

/**
 * Owner of the code of a stack frame.
 *
 * @since 0.1.0
 */
public enum FrameOwner {

	/**
	 * The application: the preferred culprit.
	 */
	APPLICATION,

	/**
	 * A library that the application chose, such as a JDBC driver: the culprit if the
	 * application is not on the stack.
	 */
	LIBRARY,

	/**
	 * JDK, Netty, Reactor, Spring, Kotlin and this library: never the culprit.
	 */
	FRAMEWORK

}
