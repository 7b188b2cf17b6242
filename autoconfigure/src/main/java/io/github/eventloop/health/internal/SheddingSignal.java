package io.github.eventloop.health.internal;

import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopSecond;

/**
 * Signal for an instance that sheds many of its requests. Shedding keeps the lag low, so
 * the lag does not show that the instance is overloaded: others could handle these
 * requests if it alone is slow. Not thread-safe.
 */
public final class SheddingSignal implements HealthSignal {

	/**
	 * The share of shed requests from which a second is bad. Less is what a short burst
	 * costs.
	 */
	private static final double MANY = 0.1;

	/** Fewer shed requests are no overload, however few others there are. */
	private static final int AT_LEAST = 10;

	private final LongSupplier shed;

	private long before;

	/**
	 * Create a signal.
	 * @param shed returns the number of requests shed so far, which never decreases
	 */
	public SheddingSignal(LongSupplier shed) {
		this.shed = shed;
	}

	@Override
	public @Nullable Judgement judge(EventLoopSecond second) {
		long total = this.shed.getAsLong();
		long shed = total - this.before;
		this.before = total;
		long requests = second.loops()
			.stream()
			.filter((loop) -> loop.loop().isCounted())
			.mapToLong(LoopSecond::requests)
			.sum();
		if (shed < AT_LEAST || shed < MANY * requests) {
			return null;
		}
		return new Judgement(EventLoopStatus.OVERLOADED,
				"%d of %d requests were shed".formatted(shed, Math.max(shed, requests)));
	}

}
