package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.finding.Evidence;
import io.github.eventloop.finding.Findings;
import io.github.eventloop.finding.ProcessFacts;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;

/**
 * Everything that the rules look at. Immutable.
 *
 * @param snapshot the loops now
 * @param history the seconds of the last {@link Findings#PERIOD}
 * @param stalls the known stalls, newest first
 * @param stallThreshold the duration from which an iteration is a stall
 * @param judgement the status and its reason, or {@code null} if the loops are not judged
 * @param settings the thresholds of the status
 * @param collectingNanos the time in {@link Thresholds#LOAD_PERIOD} in which garbage
 * collection paused the process
 * @param starvedNanos the time in that period in which the monitor thread was ready to
 * run but had no CPU
 * @param quiet loops with requests that have been in flight while nothing happened
 * @param blocking the blocking calls, or {@code null} if no detector looks for them
 * @param facts the facts about the process
 * @param detailsShown whether the reader is shown details from code and requests
 */
public record Observations(EventLoopSnapshot snapshot, EventLoopHistory history, List<Stall> stalls,
		Duration stallThreshold, @Nullable Judgement judgement, HealthSettings settings, long collectingNanos,
		long starvedNanos, List<QuietLoop> quiet, @Nullable List<BlockingHotspot> blocking, ProcessFacts facts,
		boolean detailsShown) {

	/**
	 * Create observations.
	 */
	public Observations {
		Instant from = snapshot.at().minus(Findings.PERIOD);
		stalls = stalls.stream().filter((stall) -> endOf(stall).isAfter(from)).toList();
	}

	static Instant endOf(Stall stall) {
		return stall.startedAt().plus(stall.duration());
	}

	Instant now() {
		return this.snapshot.at();
	}

	/** Return whether something that ended at an instant is still relevant now. */
	boolean isRecent(Instant end) {
		return end.isAfter(now().minus(Thresholds.RECENT));
	}

	/**
	 * Return the lag that a stall causes, up to a constant factor: an event that becomes
	 * ready during a stall waits for half of it on average.
	 */
	static double lagOf(Stall stall) {
		double seconds = stall.duration().toNanos() / 1e9;
		return seconds * seconds;
	}

	double lagOfAllStalls() {
		return this.stalls.stream().mapToDouble(Observations::lagOf).sum();
	}

	boolean isStatus(EventLoopStatus... statuses) {
		return this.judgement != null && Set.of(statuses).contains(this.judgement.status());
	}

	/** Return whether the lag over the window is one that users notice. */
	boolean isLagging(LoopSnapshot loop) {
		return loop.lag().p99Nanos() >= this.settings.degradedP99().toNanos()
				|| loop.lag().p50Nanos() >= this.settings.degradedP50().toNanos();
	}

	List<LoopSnapshot> ofGroup(String group) {
		return this.snapshot.loops().stream().filter((loop) -> loop.group().equals(group)).toList();
	}

	/** Return the names of the loops of the application that carry server connections. */
	List<LoopSnapshot> serverLoops() {
		Set<String> groups = this.snapshot.loops()
			.stream()
			.filter((loop) -> loop.counted() && loop.roles().contains(LoopRole.SERVER))
			.map(LoopSnapshot::group)
			.collect(Collectors.toSet());
		return this.snapshot.loops()
			.stream()
			.filter((loop) -> loop.counted() && groups.contains(loop.group()))
			.toList();
	}

	/** Return how many seconds the rules about utilization average over. */
	int loadSeconds() {
		return (int) Math.min(this.history.epochMillis().length, Thresholds.LOAD_PERIOD.toSeconds());
	}

	boolean isLoadKnown() {
		return loadSeconds() >= Thresholds.MIN_LOAD_SECONDS;
	}

	/** Return the load of the loops that count and are measured exactly. */
	List<LoopLoad> loads() {
		List<LoopLoad> loads = new ArrayList<>();
		for (EventLoopHistory.Loop history : this.history.loops()) {
			this.snapshot.loop(history.name())
				.filter((loop) -> loop.counted() && !loop.approximate())
				.ifPresent((loop) -> loads.add(LoopLoad.of(loop, history, loadSeconds(), this.stallThreshold)));
		}
		return loads;
	}

	/** Return the share of the CPUs that the process used, 0..1. */
	double processCpuUtilization() {
		return LoopLoad.mean(this.history.processCpuUtilization(), loadSeconds());
	}

	/** Return the share of the time in which the whole process was paused, 0..1. */
	double pausedShare() {
		return LoopLoad.mean(this.history.pauseNanos(), loadSeconds()) / 1e9;
	}

	/** Return in how many of these seconds a pause was as long as a long stall. */
	int secondsWithLongPause() {
		float[] pauses = this.history.pauseNanos();
		int seconds = 0;
		for (int i = Math.max(0, pauses.length - loadSeconds()); i < pauses.length; i++) {
			seconds += (pauses[i] >= Thresholds.LONG_STALL.toNanos()) ? 1 : 0;
		}
		return seconds;
	}

	/** Return the start of the seconds that utilization is averaged over. */
	Instant loadFrom() {
		return now().minusSeconds(loadSeconds());
	}

	/** Return evidence that is not about stalls, and lasts until now. */
	Evidence evidence(@Nullable Instant since, List<String> loops, List<String> figures, List<String> notes) {
		return new Evidence(since, now(), loops, figures, null,
				notes.isEmpty() ? null : new Evidence.Code(null, null, List.of(), notes, null));
	}

}
