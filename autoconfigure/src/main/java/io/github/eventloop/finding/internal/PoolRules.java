package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Severity;

/**
 * {@link Rule} for pools of threads and connections that are used up. Requests are slow,
 * although no loop is blocked.
 */
final class PoolRules implements Rule {

	private static final String WORKERS = "workers-exhausted";

	/** In a description of an exhausted pool; absent if the number is unknown. */
	private static final Pattern WAITING = Pattern.compile("[1-9]\\d* waiting");

	@Override
	public List<String> ids() {
		return List.of(WORKERS);
	}

	@Override
	public List<Finding> find(Observations all, List<Finding> others) {
		List<Finding> findings = new ArrayList<>();
		Map<String, Duration> waits = all.facts().workerWaits();
		if (waits != null) {
			new TreeMap<>(waits).forEach((scheduler, wait) -> {
				if (wait.compareTo(Thresholds.WORKER_WAIT) >= 0) {
					findings.add(workers(scheduler, wait, all));
				}
			});
		}
		List<String> pools = all.facts().exhaustedPools();
		// A pool may be in full use without anything that waits for it.
		List<String> waitedFor = (pools != null) ? pools.stream().filter(WAITING.asPredicate()).toList() : List.of();
		if (!waitedFor.isEmpty()
				&& others.stream().noneMatch((other) -> other.id().equals(StallRule.CONNECTION_POOL_EXHAUSTED.id))) {
			findings.add(connections(waitedFor, all));
		}
		return findings;
	}

	private static Finding workers(String scheduler, Duration wait, Observations all) {
		String title = "A task has been waiting for a thread of " + scheduler + " for " + Wording.duration(wait);
		return new Finding(WORKERS, Severity.WARNING, title,
				all.evidence(all.now().minus(wait), List.of(), List.of("wait in progress: " + Wording.duration(wait)),
						List.of()),
				Confidence.HIGH, "Take a thread dump and look at what the threads called " + scheduler + " wait for.",
				"Give slow backends timeouts and a scheduler of their own (Schedulers.newBoundedElastic), and limit the"
						+ " calls in flight.");
	}

	private static Finding connections(List<String> pools, Observations all) {
		String title = Wording.count(pools.size(), "connection pool has no free connection",
				"connection pools have no free connection") + ", and callers wait for one";
		return new Finding(StallRule.CONNECTION_POOL_EXHAUSTED.id, Severity.WARNING, title,
				all.evidence(null, List.of(), List.of(), pools), Confidence.HIGH,
				StallRule.CONNECTION_POOL_EXHAUSTED.action,
				"Return connections sooner, look for a leak, and only then make the pool larger.");
	}

}
