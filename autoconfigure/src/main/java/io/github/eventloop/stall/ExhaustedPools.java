package io.github.eventloop.stall;

import java.util.List;

/**
 * Finds the pools of connections that a stalled loop may wait for. Some leave no frame on
 * its stack, and the stack of none tells how many of its connections are in use.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ExhaustedPools {

	/**
	 * Describe the pools whose connections are all in use. Called while a loop waits, on
	 * a thread of its own, so that it may take its time. What it throws is logged.
	 * @return a description of each, such as {@code HikariPool-1 (10 of 10 connections in
	 * use, 3 waiting)}; empty if there are none
	 */
	List<String> describe();

}
