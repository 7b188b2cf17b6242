package io.github.eventloop.stall;

import java.util.Arrays;
import java.util.List;

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

	SampledStack(StallCause cause, StackTraceElement[] frames, int samples, long nanos) {
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

	StackTraceElement[] frames() {
		return this.frames;
	}

	boolean is(StallCause cause, StackTraceElement[] frames) {
		return this.cause == cause && Arrays.equals(this.frames, frames);
	}

	SampledStack sampledAgain(long nanos) {
		return new SampledStack(this.cause, this.frames, this.samples + 1, this.nanos + nanos);
	}

	SampledStack plusNanos(long nanos) {
		return new SampledStack(this.cause, this.frames, this.samples, this.nanos + nanos);
	}

}
