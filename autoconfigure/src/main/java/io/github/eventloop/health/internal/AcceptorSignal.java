package io.github.eventloop.health.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * Signal for acceptors that do not accept connections: while the accepting loop is
 * stalled no client can connect, however idle the other loops are, and established
 * connections do not show it. Not thread-safe.
 */
public final class AcceptorSignal implements HealthSignal {

	/** Shorter stalls delay connections, but do not call for an investigation. */
	private static final long LONG_STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** Fewer waiting connections are normal after a short burst. */
	private static final int MANY = 10;

	/** Consecutive seconds, as many as make an overload by default. */
	private static final int LONG_SECONDS = 3;

	private int waitingBefore;

	private int seconds;

	@Override
	public @Nullable Judgement judge(EventLoopSecond second) {
		int waiting = 0;
		List<String> reasons = new ArrayList<>();
		for (LoopSnapshot loop : second.snapshot().loops()) {
			if (loop.counted() && loop.roles().contains(LoopRole.ACCEPTOR)) {
				waiting += waiting(loop);
				if (loop.state() == LoopState.STALLED && loop.stuckNanos() >= LONG_STALL_NANOS) {
					reasons.add(describe(loop));
				}
			}
		}
		// A full queue does not grow, so an unchanged length counts, too.
		this.seconds = (waiting >= MANY && waiting >= this.waitingBefore) ? this.seconds + 1 : 0;
		this.waitingBefore = waiting;
		if (reasons.isEmpty() && this.seconds >= LONG_SECONDS) {
			reasons.add(waiting + " connections are waiting to be accepted, and their number is not falling");
		}
		return reasons.isEmpty() ? null : new Judgement(EventLoopStatus.DEGRADED, String.join(" and ", reasons));
	}

	private static int waiting(LoopSnapshot loop) {
		Integer waiting = loop.load().connectionsWaiting();
		return (waiting != null) ? waiting : 0;
	}

	private static String describe(LoopSnapshot loop) {
		int waiting = waiting(loop);
		return loop.name() + ", which accepts connections, is stalled"
				+ ((waiting > 0) ? " while " + waiting + " wait for it" : "");
	}

}
