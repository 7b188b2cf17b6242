package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.eventloop.finding.Findings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.stall.Stall;

/**
 * What was looked at, and what could not be, in words and figures: also an answer if
 * nothing is wrong.
 */
public final class Inspection {

	/** The detector keeps no more stalls that have ended. */
	private static final int RETAINED_STALLS = 100;

	private Inspection() {
	}

	/**
	 * Return what was looked at.
	 * @param all the observations
	 * @return phrases with figures
	 */
	public static List<String> checked(Observations all) {
		EventLoopSnapshot now = all.snapshot();
		List<String> checked = new ArrayList<>();
		Judgement judgement = all.judgement();
		if (judgement != null) {
			checked.add("status " + judgement.status() + ": " + judgement.reason());
		}
		checked.add("lag of " + Wording.count(now.loops().size(), "event loop", "event loops") + " over "
				+ Wording.duration(now.window()) + ": p50 " + millis(now.lag().p50Nanos()) + ", p99 "
				+ millis(now.lag().p99Nanos()) + ", longest " + millis(now.lag().maxNanos()));
		checked.add("utilization of the event loops over " + Wording.duration(now.window()) + ": "
				+ Wording.percent(now.utilization()));
		Duration longest = all.stalls().stream().map(Stall::duration).max(Duration::compareTo).orElse(Duration.ZERO);
		checked.add(Wording.count(all.stalls().size(), "stall", "stalls") + " in the last "
				+ Wording.duration(Findings.PERIOD)
				+ (all.stalls().isEmpty() ? "" : ", the longest " + Wording.duration(longest)));
		int seconds = all.loadSeconds();
		if (seconds > 0) {
			checked.add("the last " + seconds + " s: paused for " + Wording.percent(all.pausedShare())
					+ " of the time, CPUs used by the process " + Wording.percent(all.processCpuUtilization()));
		}
		if (all.facts().workerWaits() != null) {
			checked.add("waits for threads of " + String.join(" and ", all.facts().workerWaits().keySet()));
		}
		if (all.facts().exhaustedPools() != null) {
			checked.add("connection pools with meters");
		}
		return checked;
	}

	private static String millis(long nanos) {
		return Wording.duration(Duration.ofNanos(nanos));
	}

	/**
	 * Return what could not be looked at.
	 * @param all the observations
	 * @return phrases that state how to change that
	 */
	public static List<String> notChecked(Observations all) {
		List<String> missing = new ArrayList<>();
		if (all.judgement() == null) {
			missing.add("status: there is no EventLoopHealth");
		}
		if (!all.isLoadKnown()) {
			missing.add("load: the monitor has run for less than " + Thresholds.MIN_LOAD_SECONDS + " s");
		}
		if (all.stalls().stream().filter((stall) -> !stall.inProgress()).count() >= RETAINED_STALLS) {
			missing.add("stalls before the newest " + RETAINED_STALLS + ": see the view 'hotspots'");
		}
		if (all.blocking() == null) {
			missing.add("calls that wait for less than a stall: set eventloop.blocking.detector=jfr");
		}
		if (all.facts().workerWaits() == null) {
			missing.add("waits for threads of boundedElastic and parallel: set eventloop.workers.enabled=true");
		}
		if (all.facts().exhaustedPools() == null) {
			missing.add("connection pools: there is no MeterRegistry");
		}
		int unmeasured = all.facts().unmeasuredLoops().size();
		if (unmeasured > 0) {
			missing.add(Wording.count(unmeasured, "event loop thread that is", "event loop threads that are")
					+ " not measured, such as " + all.facts().unmeasuredLoops().keySet().iterator().next()
					+ ": declare their EventLoopGroup or LoopResources as a bean");
		}
		return missing;
	}

}
