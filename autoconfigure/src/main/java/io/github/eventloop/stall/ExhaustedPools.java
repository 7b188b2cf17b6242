package io.github.eventloop.stall;

import java.util.List;

/**
 * Strategy that finds the exhausted connection pools that a stalled loop may be waiting
 * for. Some pools leave no frame on the stack, and no stack shows how many connections
 * are in use.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ExhaustedPools {

	/**
	 * Describe the pools whose connections are all in use. Called while a loop waits, on
	 * a separate thread, so that an implementation may be slow. Exceptions are logged.
	 * @return a description of each, such as {@code HikariPool-1 (10 of 10 connections in
	 * use, 3 waiting)}; empty if there are none
	 */
	List<String> describe();

}
