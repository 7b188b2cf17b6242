package io.github.eventloop.finding.internal;

import java.util.List;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Evidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Severity;

/**
 * {@link Rule} for pauses of the whole process, which delay the events of idle loops too,
 * and therefore need not show as stalls.
 */
final class PauseRule implements Rule {

	static final String PAUSED = "paused-process";

	@Override
	public List<String> ids() {
		return List.of(PAUSED);
	}

	@Override
	public List<Finding> find(Observations all, List<Finding> others) {
		int seconds = all.secondsWithLongPause();
		if (seconds < Thresholds.REPEATED || others.stream().anyMatch((other) -> isSame(other.id()))) {
			return List.of();
		}
		double collecting = Math.min(all.pausedShare(), all.collectingNanos() / 1e9 / all.loadSeconds());
		boolean collector = collecting > all.pausedShare() / 2;
		String title = "The whole process was paused for " + Wording.percent(all.pausedShare()) + " of the last "
				+ all.loadSeconds() + " s" + (collector ? ", mostly for garbage collection" : "");
		List<String> figures = List.of(
				"seconds with a pause of at least " + Wording.duration(Thresholds.LONG_STALL) + ": " + seconds,
				"paused for garbage collection: " + Wording.percent(collecting) + " of the time");
		Evidence evidence = all.evidence(all.loadFrom(), List.of(), figures, List.of());
		return List.of(collector
				? new Finding(StallRule.GARBAGE_COLLECTION.id, Severity.WARNING, title, evidence, Confidence.HIGH,
						StallRule.GARBAGE_COLLECTION.action, StallRule.GARBAGE_COLLECTION.cure)
				: new Finding(PAUSED, Severity.WARNING, title, evidence, Confidence.MEDIUM,
						"Look at the CPU usage of the machine, and at the CPU limit of the container.",
						"Request the CPUs that the process needs, without a limit below its peaks."));
	}

	private static boolean isSame(String id) {
		return id.equals(StallRule.GARBAGE_COLLECTION.id) || id.equals(StallRule.CPU_LIMIT.id)
				|| id.equals(StallRule.STARVED_NODE.id);
	}

}
