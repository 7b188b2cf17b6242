package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Severity;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.stall.Stall;

/**
 * {@link Rule} for what the loops do not show: probes that wait behind the code that
 * blocks a loop, loops that are not measured, requests that nothing completes, a lag that
 * no other finding explains, and details that the reader is not shown.
 */
final class BlindSpotRules implements Rule {

	static final String PROBES = "probes-on-application-port";

	static final String HANG = "hang-while-idle";

	static final String UNMEASURED = "unmeasured-loops";

	static final String HIDDEN = "details-hidden";

	private static final Set<Thread.State> WAITS = Set.of(Thread.State.BLOCKED, Thread.State.WAITING,
			Thread.State.TIMED_WAITING);

	@Override
	public List<String> ids() {
		return List.of(PROBES, HANG, UNMEASURED, HIDDEN);
	}

	@Override
	public List<Finding> find(Observations all, List<Finding> others) {
		List<Finding> findings = new ArrayList<>();
		if (all.facts().probedOnApplicationPort()) {
			longestOfServer(all).filter((stall) -> stall.duration().compareTo(Thresholds.PROBE_TIMEOUT) >= 0)
				.ifPresent((stall) -> findings.add(probes(stall, all)));
		}
		List<QuietLoop> hanging = all.quiet()
			.stream()
			.filter((loop) -> Duration.between(loop.since(), all.now()).compareTo(Thresholds.HANGING) >= 0)
			.toList();
		if (!hanging.isEmpty()) {
			findings.add(hang(hanging, all));
		}
		// An idle event loop is in its poll, which Java regards as running.
		List<String> waiting = all.facts()
			.unmeasuredLoops()
			.entrySet()
			.stream()
			.filter((loop) -> WAITS.contains(loop.getValue()))
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
		if (!waiting.isEmpty()) {
			findings.add(unmeasured(waiting, all));
		}
		if (others.stream().noneMatch((other) -> explainsTheStatus(other, all))
				&& all.isStatus(EventLoopStatus.DEGRADED, EventLoopStatus.OVERLOADED, EventLoopStatus.STUCK)) {
			findings.add(unexplained(all));
		}
		if (!all.detailsShown() && others.stream().anyMatch((other) -> other.evidence().code() != null)) {
			findings.add(hidden(all));
		}
		return findings;
	}

	/**
	 * Return whether a finding explains a bad status: a serious one, or stalls that have
	 * just ended, even if there are few of them.
	 */
	private static boolean explainsTheStatus(Finding finding, Observations all) {
		return finding.severity() != Severity.INFO
				|| (finding.evidence().stalls() != null && all.isRecent(finding.evidence().lastSeenAt()));
	}

	private static Optional<Stall> longestOfServer(Observations all) {
		List<String> server = all.serverLoops().stream().map((loop) -> loop.name()).toList();
		return all.stalls()
			.stream()
			.filter((stall) -> server.contains(stall.loop()))
			.max(Comparator.comparing(Stall::duration));
	}

	private static Finding probes(Stall longest, Observations all) {
		return new Finding(PROBES, Severity.WARNING,
				"Probes use the application's event loops, and may have waited for up to "
						+ Wording.duration(longest.duration()) + " behind the code that blocked them",
				all.evidence(longest.startedAt(), List.of(longest.loop()),
						List.of("longest stall: " + Wording.duration(longest.duration())
								+ "; a probe times out after 1 s by default"),
						List.of()),
				Confidence.MEDIUM, "Do not let a failed liveness probe restart the instance: raise its timeoutSeconds.",
				"Set management.server.port: the probes then have an event loop of their own.");
	}

	private static Finding hang(List<QuietLoop> loops, Observations all) {
		int requests = loops.stream().mapToInt(QuietLoop::requests).sum();
		Instant since = loops.stream().map(QuietLoop::since).min(Instant::compareTo).orElseThrow();
		return new Finding(HANG, Severity.WARNING,
				Wording.count(requests, "request has", "requests have") + " been in flight for at least "
						+ Wording.duration(Thresholds.HANGING) + " on event loops that are idle",
				all.evidence(since, loops.stream().map(QuietLoop::name).toList(),
						List.of("requests in flight: " + requests, "events on these loops since then: none"),
						List.of()),
				Confidence.LOW,
				"Rule out streams (SSE, WebSocket, long polling); then look for a call without a timeout or a Mono that"
						+ " never completes.",
				"Give each call to another system a timeout (Mono.timeout, responseTimeout).");
	}

	private static Finding unmeasured(List<String> names, Observations all) {
		return new Finding(UNMEASURED, Severity.INFO,
				Wording.count(names.size(), "event loop thread that is not measured waits",
						"event loop threads that are not measured wait") + " outside of the poll",
				all.evidence(null, names,
						names.stream().map((name) -> name + ": " + all.facts().unmeasuredLoops().get(name)).toList(),
						List.of()),
				Confidence.LOW, "Take a few thread dumps, and look at whether these threads are always there.",
				"Declare their EventLoopGroup or LoopResources as a bean, or pass them to ExternalLoops.add, to see what"
						+ " blocks them.");
	}

	private static Finding unexplained(Observations all) {
		String reason = (all.judgement() != null) ? all.judgement().reason() : "";
		return new Finding(StallRule.UNEXPLAINED.id, Severity.WARNING,
				"The status is " + ((all.judgement() != null) ? all.judgement().status() : "unknown")
						+ ", and nothing that was measured explains it",
				all.evidence(null, List.of(), List.of(reason), List.of()), Confidence.LOW, StallRule.UNEXPLAINED.action,
				StallRule.UNEXPLAINED.cure);
	}

	private static Finding hidden(Observations all) {
		return new Finding(HIDDEN, Severity.INFO, "Lines of code, routes and advice are not shown to this reader",
				all.evidence(null, List.of(), List.of(), List.of()), Confidence.HIGH,
				"Ask again as an authorized user, or on the machine of a developer.",
				"See management.endpoint.eventloop.show-details and .roles.");
	}

}
