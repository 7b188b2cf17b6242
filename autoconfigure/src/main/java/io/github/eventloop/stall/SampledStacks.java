package io.github.eventloop.stall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct stacks of one stall, with the time that each accounts for.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
final class SampledStacks {

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
	StackTraceElement[] add(Sample sample, long nanos) {
		for (int i = 0; i < this.stacks.size(); i++) {
			if (this.stacks.get(i).is(sample.cause(), sample.stack())) {
				this.stacks.set(i, this.stacks.get(i).sampledAgain(nanos));
				return this.stacks.get(i).frames();
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
	List<SampledStack> plusNanos(long nanos) {
		List<SampledStack> result = new ArrayList<>(this.stacks);
		if (nanos > 0 && !result.isEmpty()) {
			int last = result.size() - 1;
			result.set(last, result.get(last).plusNanos(nanos));
		}
		result.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return result;
	}

}
