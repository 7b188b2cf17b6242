package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.List;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Severity;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;

/**
 * {@link Rule} for a loop that accepts connections and is blocked: no client can connect.
 */
final class AcceptorRule implements Rule {

	@Override
	public List<String> ids() {
		return List.of("acceptor-blocked");
	}

	@Override
	public List<Finding> find(Observations all, List<Finding> others) {
		return all.snapshot()
			.loops()
			.stream()
			.filter((loop) -> isBlocked(loop, all))
			.map((loop) -> finding(loop, all))
			.toList();
	}

	/** If it is unknown whether connections wait, only a loop that is stuck counts. */
	private static boolean isBlocked(LoopSnapshot loop, Observations all) {
		if (!loop.counted() || !loop.roles().contains(LoopRole.ACCEPTOR) || loop.state() != LoopState.STALLED) {
			return false;
		}
		Integer waiting = loop.load().connectionsWaiting();
		Duration blocked = Duration.ofNanos(loop.stuckNanos());
		return (waiting != null) ? waiting > 0 && blocked.compareTo(Thresholds.ACCEPTOR_BLOCKED) >= 0
				: blocked.compareTo(all.settings().stuckAfter()) >= 0;
	}

	private Finding finding(LoopSnapshot loop, Observations all) {
		Integer waiting = loop.load().connectionsWaiting();
		Duration blocked = Duration.ofNanos(loop.stuckNanos());
		String title = "Event loop " + loop.name() + ", which accepts connections, has been blocked for "
				+ Wording.duration(blocked);
		String figures = (waiting != null)
				? Wording.count(waiting, "connection waits to be accepted", "connections wait to be accepted")
				: "the number of connections that wait is unknown on this operating system";
		return new Finding(ids().get(0), Severity.CRITICAL, (waiting != null) ? title + "; " + figures : title,
				all.evidence(all.now().minus(blocked), List.of(loop.name()), List.of(figures), List.of()),
				(waiting != null) ? Confidence.HIGH : Confidence.MEDIUM,
				"Find out what blocks this loop from the other findings; restart the instance if it stays blocked.",
				"Cure what blocks it, and set eventloop.acceptor.dedicated=true, so that no handler can.");
	}

}
