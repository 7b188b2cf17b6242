package io.github.eventloop.stall;

import java.util.Arrays;
import java.util.List;

import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * A stack of a loop that was sampled at least once in a stall. Immutable.
 *
 * @since 0.1.0
 */
public final class SampledStack {

	private final StallCause cause;

	private final StackTraceElement[] frames;

	private final int samples;

	private final long nanos;

	/**
	 * Create a sampled stack.
	 * @param cause what the thread was doing
	 * @param frames the frames, innermost first; not copied
	 * @param samples how often the stack was sampled
	 * @param nanos the part of the stall that it accounts for, in nanoseconds
	 */
	public SampledStack(StallCause cause, StackTraceElement[] frames, int samples, long nanos) {
		this.cause = cause;
		this.frames = frames;
		this.samples = samples;
		this.nanos = nanos;
	}

	/**
	 * Return what the thread was doing.
	 * @return {@link StallCause#COMPUTING}, {@link StallCause#BLOCKING_IO},
	 * {@link StallCause#SLEEPING}, {@link StallCause#WAITING} or {@link StallCause#LOCK};
	 * {@link StallCause#UNKNOWN} if it was asleep in code that does not wait, for example
	 * because the JVM had no memory for it
	 */
	public StallCause cause() {
		return this.cause;
	}

	/**
	 * Return how often the stack was sampled.
	 * @return the number, at least 1
	 */
	public int samples() {
		return this.samples;
	}

	/**
	 * Return the part of the stall that the stack accounts for: each sample accounts for
	 * the time since the previous one.
	 * @return the time in nanoseconds
	 */
	public long nanos() {
		return this.nanos;
	}

	/**
	 * Return the frames in the format of a stack trace, with printable names.
	 * @return a line for each frame, innermost first
	 */
	public List<String> lines() {
		return Arrays.stream(this.frames).map(ReadableFrame::lineOf).toList();
	}

	/**
	 * Return the frames.
	 * @return the frames, innermost first; not a copy, so not to be modified
	 */
	public StackTraceElement[] frames() {
		return this.frames;
	}

}
