package io.github.eventloop.health;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * Says when new connections are not accepted: while their loop is stalled nobody can
 * connect, however idle the other loops are, and none of the connections that there are
 * tells of it. Not thread-safe.
 */
final class AcceptorSignal implements HealthSignal {

	/** Shorter stalls make connections late, but nobody has to look for the reason. */
	private static final long LONG_STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** In so many seconds in a row more of them have to wait for it to be said. */
	private static final int GROWING_SECONDS = 3;

	private int waitingBefore;

	private int growing;

	@Override
	public @Nullable Judgement judge(EventLoopSecond second) {
		List<LoopSnapshot> acceptors = second.snapshot()
			.loops()
			.stream()
			.filter((loop) -> loop.isCounted() && loop.roles().contains(LoopRole.ACCEPTOR))
			.toList();
		int waiting = acceptors.stream().mapToInt(AcceptorSignal::waiting).sum();
		this.growing = (waiting > this.waitingBefore) ? this.growing + 1 : 0;
		this.waitingBefore = waiting;
		List<String> troubles = new ArrayList<>();
		acceptors.stream()
			.filter((loop) -> loop.state() == LoopState.STALLED && loop.stuckNanos() >= LONG_STALL_NANOS)
			.map(AcceptorSignal::describe)
			.forEach(troubles::add);
		if (troubles.isEmpty() && this.growing >= GROWING_SECONDS) {
			troubles.add(waiting + " connections wait to be accepted, more every second");
		}
		return troubles.isEmpty() ? null : new Judgement(EventLoopStatus.DEGRADED, String.join(" and ", troubles));
	}

	private static int waiting(LoopSnapshot loop) {
		Integer waiting = loop.connectionsWaiting();
		return (waiting != null) ? waiting : 0;
	}

	private static String describe(LoopSnapshot loop) {
		int waiting = waiting(loop);
		return loop.name() + " is stalled and accepts no connections"
				+ ((waiting > 0) ? ", " + waiting + " of which wait" : "");
	}

}
