package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Evidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Severity;

/**
 * {@link Rule} for loops that are busy although stalls do not explain it: they make many
 * calls that wait for less than a stall, or there is too much work for them, or it is
 * distributed unevenly.
 */
final class LoadRules implements Rule {

	static final String SHORT_CALLS = "short-blocking-calls";

	static final String UNEVEN = "uneven-loops";

	static final String SATURATED = "saturated-loops";

	static final String TOO_FEW = "too-few-loops";

	static final String TOO_MANY = "too-many-loops";

	@Override
	public List<String> ids() {
		return List.of(SHORT_CALLS, UNEVEN, SATURATED, TOO_FEW, TOO_MANY);
	}

	@Override
	public List<Finding> find(Observations all, List<Finding> others) {
		List<Finding> findings = new ArrayList<>();
		int loops = all.serverLoops().size();
		boolean starved = others.stream().anyMatch((other) -> isStarved(other.id()));
		if (starved && loops > Thresholds.MIN_DEFAULT_LOOPS
				&& loops > Thresholds.TOO_MANY_PER_PROCESSOR * all.facts().processors()) {
			findings.add(tooMany(loops, all));
		}
		if (all.isLoadKnown()) {
			List<LoopLoad> loads = all.loads();
			// Without a CPU, a loop is busy without using one.
			boolean cpuIsFree = !starved && all.processCpuUtilization() < Thresholds.FULL_CPU_UTILIZATION
					&& all.starvedNanos() / 1e9 < Thresholds.STARVED_SHARE * all.loadSeconds();
			List<LoopLoad> waiting = loads.stream()
				.filter((load) -> load.utilization() >= Thresholds.BUSY_UTILIZATION && !load.isMostlyStalled()
						&& !load.isComputing() && all.isLagging(load.loop()))
				.toList();
			if (!waiting.isEmpty() && cpuIsFree) {
				findings.add(shortCalls(waiting, all));
			}
			loads.stream()
				.collect(Collectors.groupingBy((load) -> load.loop().group()))
				.values()
				.forEach((group) -> addBusy(group, all, findings));
		}
		return findings;
	}

	private static boolean isStarved(String id) {
		return id.equals(StallRule.CPU_LIMIT.id) || id.equals(StallRule.STARVED_BY_OWN_THREADS.id)
				|| id.equals(StallRule.STARVED_NODE.id);
	}

	private static void addBusy(List<LoopLoad> group, Observations all, List<Finding> findings) {
		LoopLoad hottest = group.stream().max(Comparator.comparingDouble(LoopLoad::utilization)).orElseThrow();
		if (hottest.isMostlyStalled() || !hottest.isComputing() || !all.isLagging(hottest.loop())) {
			return;
		}
		double sum = group.stream().mapToDouble(LoopLoad::utilization).sum();
		double mean = sum / group.size();
		double others = (group.size() > 1) ? (sum - hottest.utilization()) / (group.size() - 1) : 1;
		if (hottest.utilization() >= Thresholds.HOT_UTILIZATION && others < Thresholds.COOL_UTILIZATION) {
			findings.add(uneven(hottest, others, all));
		}
		else if (mean >= Thresholds.SATURATED_UTILIZATION) {
			boolean cpuIsFree = group.size() < all.facts().processors()
					&& all.processCpuUtilization() < Thresholds.FREE_CPU_UTILIZATION;
			findings.add(cpuIsFree ? tooFew(group, mean, all) : saturated(group, mean, all));
		}
	}

	private static Finding shortCalls(List<LoopLoad> loads, Observations all) {
		LoopLoad first = loads.stream().max(Comparator.comparingDouble(LoopLoad::utilization)).orElseThrow();
		BlockingHotspot call = longest(all);
		String title = Wording.loops(LoopLoad.names(loads)) + " waited in calls shorter than a stall: busy for "
				+ Wording.percent(first.utilization()) + " of the time, with a CPU for only "
				+ Wording.percent(first.cpuUtilization());
		Evidence.Code code = (call != null) ? new Evidence.Code(call.culprit(), null, List.of(),
				List.of(call.kind() + " calls: " + call.count()), null) : null;
		Evidence evidence = new Evidence(all.loadFrom(), all.now(), LoopLoad.names(loads), figures(loads), null, code);
		return new Finding(SHORT_CALLS, Severity.WARNING, capitalized(title), evidence,
				(call != null) ? Confidence.HIGH : Confidence.MEDIUM,
				"Find the calls: set eventloop.blocking.detector=jfr and look at the view 'blocking'.",
				"Use clients that do not block, or subscribeOn(Schedulers.boundedElastic()) around the calls.");
	}

	private static @Nullable BlockingHotspot longest(Observations all) {
		List<BlockingHotspot> calls = all.blocking();
		if (calls == null) {
			return null;
		}
		return calls.stream()
			.filter((call) -> call.lastSeenAt().isAfter(all.loadFrom()))
			.max(Comparator.comparing(BlockingHotspot::total))
			.orElse(null);
	}

	private static Finding uneven(LoopLoad hottest, double others, Observations all) {
		String title = "Event loop " + hottest.loop().name() + " is busy for " + Wording.percent(hottest.utilization())
				+ " of the time, and the others of its group for " + Wording.percent(others);
		Map<String, Integer> channels = all.ofGroup(hottest.loop().group())
			.stream()
			.collect(Collectors.toMap((loop) -> loop.name(), (loop) -> loop.load().channels(), Integer::max));
		int open = channels.values().stream().mapToInt(Integer::intValue).sum();
		return new Finding(UNEVEN, Severity.WARNING, title,
				all.evidence(all.loadFrom(), List.of(hottest.loop().name()),
						List.of("open channels: " + hottest.loop().load().channels() + " of " + open + " in the group"),
						List.of()),
				Confidence.HIGH, "Let clients open more connections, or restart those that carry the most requests.",
				"Close connections from time to time (max-connection-age), and set eventloop.placement=least-lag.");
	}

	private static Finding saturated(List<LoopLoad> group, double mean, Observations all) {
		return new Finding(SATURATED, Severity.WARNING,
				"The event loops have more work than they can handle: busy for " + Wording.percent(mean)
						+ " of the time, in iterations shorter than a stall",
				all.evidence(all.loadFrom(), LoopLoad.names(group), figures(group), List.of()), Confidence.HIGH,
				"Add instances; until they are ready, shed load with eventloop.shedding.enabled=true.",
				"Scale on the utilization of the loops, and move computations to Schedulers.parallel().");
	}

	private static Finding tooFew(List<LoopLoad> group, double mean, Observations all) {
		List<String> figures = new ArrayList<>(figures(group));
		figures.add("the process uses " + Wording.percent(all.processCpuUtilization()) + " of "
				+ Wording.count(all.facts().processors(), "CPU", "CPUs"));
		return new Finding(TOO_FEW, Severity.WARNING,
				Wording.count(group.size(), "event loop is", "event loops are") + " busy for " + Wording.percent(mean)
						+ " of the time, while other CPUs are idle",
				all.evidence(all.loadFrom(), LoopLoad.names(group), figures, List.of()), Confidence.HIGH,
				"Add instances.", "Remove reactor.netty.ioWorkerCount, so that there is one event loop for each CPU.");
	}

	private static Finding tooMany(int loops, Observations all) {
		return new Finding(TOO_MANY, Severity.INFO,
				loops + " event loops share " + Wording.count(all.facts().processors(), "CPU", "CPUs")
						+ ", and take it from each other",
				all.evidence(null, List.of(),
						List.of("loops: " + loops, "processors of the JVM: " + all.facts().processors()), List.of()),
				Confidence.MEDIUM, "Nothing now: it makes the lack of CPU worse, but is not its cause.",
				"Remove reactor.netty.ioWorkerCount or -XX:ActiveProcessorCount, or give the process more CPUs.");
	}

	private static List<String> figures(List<LoopLoad> loads) {
		return loads.stream()
			.sorted(Comparator.comparingDouble(LoopLoad::utilization).reversed())
			.limit(Thresholds.MAX_FINDINGS_PER_RULE)
			.map((load) -> load.loop().name() + ": utilization " + Wording.percent(load.utilization())
					+ (Double.isNaN(load.cpuUtilization()) ? "" : ", CPU " + Wording.percent(load.cpuUtilization()))
					+ ", stalled " + Wording.percent(load.stalledShare()) + ", lag p99 "
					+ Wording.duration(Duration.ofNanos(load.loop().lag().p99Nanos())))
			.toList();
	}

	private static String capitalized(String title) {
		return Character.toUpperCase(title.charAt(0)) + title.substring(1);
	}

}
