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

	/** Fewer are what a moment leaves behind that is busy. */
	private static final int MANY = 10;

	/** As many seconds as make an overload by default, in a row. */
	private static final int LONG_SECONDS = 3;

	private int waitingBefore;

	private int seconds;

	@Override
	public @Nullable Judgement judge(EventLoopSecond second) {
		List<LoopSnapshot> acceptors = second.snapshot()
			.loops()
			.stream()
			.filter((loop) -> loop.isCounted() && loop.roles().contains(LoopRole.ACCEPTOR))
			.toList();
		int waiting = acceptors.stream().mapToInt(AcceptorSignal::waiting).sum();
		// No more of them does not help when the queue is full.
		this.seconds = (waiting >= MANY && waiting >= this.waitingBefore) ? this.seconds + 1 : 0;
		this.waitingBefore = waiting;
		List<String> troubles = new ArrayList<>();
		acceptors.stream()
			.filter((loop) -> loop.state() == LoopState.STALLED && loop.stuckNanos() >= LONG_STALL_NANOS)
			.map(AcceptorSignal::describe)
			.forEach(troubles::add);
		if (troubles.isEmpty() && this.seconds >= LONG_SECONDS) {
			troubles.add(waiting + " connections wait to be accepted, and do not get fewer");
		}
		return troubles.isEmpty() ? null : new Judgement(EventLoopStatus.DEGRADED, String.join(" and ", troubles));
	}

	private static int waiting(LoopSnapshot loop) {
		Integer waiting = loop.connectionsWaiting();
		return (waiting != null) ? waiting : 0;
	}

	private static String describe(LoopSnapshot loop) {
		int waiting = waiting(loop);
		return loop.name() + ", which accepts connections, is stalled"
				+ ((waiting > 0) ? " while " + waiting + " wait for it" : "");
	}

}
