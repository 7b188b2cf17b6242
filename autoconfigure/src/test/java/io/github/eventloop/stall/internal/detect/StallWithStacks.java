package io.github.eventloop.stall.internal.detect;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * Creates stalls with given stacks for tests of other packages.
 */
public final class StallWithStacks {

	private StallWithStacks() {
	}

	public static Stall of(long id, SampledStack... stacks) {
		long nanos = Arrays.stream(stacks).mapToLong(SampledStack::nanos).sum();
		return new Stall(id, "loop-1", "loop", null, Instant.EPOCH, Duration.ofNanos(nanos), false, StallCause.SLEEPING,
				new Stall.Code(null, null, null, null), new Stall.Requests(null, null, null, null, 0),
				new Stall.Times(0, 0, 0, null), new Stall.Work(0, 0, false),
				new Stall.Samples(stacks.length, List.of(), List.of(stacks)), "");
	}

	/** Innermost frame first. */
	public static SampledStack stack(long nanos, StackTraceElement... frames) {
		return new SampledStack(StallCause.SLEEPING, frames, 1, nanos);
	}

}
