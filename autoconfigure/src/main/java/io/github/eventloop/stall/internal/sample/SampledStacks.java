package io.github.eventloop.stall.internal.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StallDetector;

/**
 * The distinct stacks of one stall, with the time that each accounts for.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
public final class SampledStacks {

	/** In the order in which they were first sampled. */
	private final List<SampledStack> stacks = new ArrayList<>();

	/** The distinct frames: most of them occur in several stacks. */
	private final Map<StackTraceElement, StackTraceElement> frames = new HashMap<>();

	/**
	 * Add the stack of a sample.
	 * @param sample the sample
	 * @param nanos the time that the sample accounts for
	 * @return its frames: the same array for equal stacks, made of the same object for
	 * equal frames
	 */
	public StackTraceElement[] add(Sample sample, long nanos) {
		for (int i = 0; i < this.stacks.size(); i++) {
			SampledStack known = this.stacks.get(i);
			if (known.cause() == sample.cause() && Arrays.equals(known.frames(), sample.stack())) {
				this.stacks.set(i, with(known, 1, nanos));
				return known.frames();
			}
		}
		StackTraceElement[] stack = sample.stack().clone();
		for (int i = 0; i < stack.length; i++) {
			StackTraceElement known = this.frames.putIfAbsent(stack[i], stack[i]);
			stack[i] = (known != null) ? known : stack[i];
		}
		this.stacks.add(new SampledStack(sample.cause(), stack, 1, nanos));
		return stack;
	}

	/**
	 * Return the stacks, with time since the last sample.
	 * @param nanos the time to add to the stack that was first sampled last
	 * @return the stacks, longest time first
	 */
	public List<SampledStack> plusNanos(long nanos) {
		List<SampledStack> result = new ArrayList<>(this.stacks);
		if (nanos > 0 && !result.isEmpty()) {
			int last = result.size() - 1;
			result.set(last, with(result.get(last), 0, nanos));
		}
		result.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return result;
	}

	private static SampledStack with(SampledStack stack, int samples, long nanos) {
		return new SampledStack(stack.cause(), stack.frames(), stack.samples() + samples, stack.nanos() + nanos);
	}

}
