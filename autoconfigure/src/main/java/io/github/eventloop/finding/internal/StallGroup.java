package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Evidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Severity;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * Stalls that one finding is made of. Immutable.
 *
 * @param rule the rule that they belong to
 * @param stalls the stalls, newest first, at least one
 */
record StallGroup(StallRule rule, List<Stall> stalls) {

	private static final int MAX_ROUTES = 5;

	double lag() {
		return this.stalls.stream().mapToDouble(Observations::lagOf).sum();
	}

	Finding finding(Observations all) {
		return new Finding(this.rule.id, severity(all), title(), evidence(all), confidence(), this.rule.action,
				this.rule.cure);
	}

	private Severity severity(Observations all) {
		if (isAny((stall) -> stall.inProgress() && stall.duration().compareTo(all.settings().stuckAfter()) >= 0)) {
			return Severity.CRITICAL;
		}
		if (this.rule == StallRule.CLASS_LOADING || this.rule == StallRule.COLD_START) {
			return Severity.INFO;
		}
		if (isAny(StallRule::isDrill)) {
			return Severity.INFO;
		}
		boolean outOfService = all.isStatus(EventLoopStatus.OVERLOADED, EventLoopStatus.STUCK);
		if (outOfService && lagShare(all) >= Thresholds.MOST && all.isRecent(lastSeenAt())) {
			return Severity.CRITICAL;
		}
		boolean pattern = StallRule.isRepeated(this.stalls) || longest().compareTo(Thresholds.VERY_LONG_STALL) >= 0;
		return pattern ? Severity.WARNING : Severity.INFO;
	}

	private boolean isAny(Predicate<Stall> condition) {
		return this.stalls.stream().anyMatch(condition);
	}

	private String title() {
		Stall newest = this.stalls.get(0);
		String title = this.rule.title.formatted(Wording.loops(loops())) + " " + Wording.times(this.stalls.size())
				+ ", for " + ((this.stalls.size() > 1) ? "up to " : "") + Wording.duration(longest());
		return newest.inProgress() ? title + "; still blocked" : title;
	}

	private Duration longest() {
		return this.stalls.stream().map(Stall::duration).max(Duration::compareTo).orElse(Duration.ZERO);
	}

	private Duration total() {
		return this.stalls.stream().map(Stall::duration).reduce(Duration.ZERO, Duration::plus);
	}

	private Instant lastSeenAt() {
		return this.stalls.stream().map(Observations::endOf).max(Instant::compareTo).orElseThrow();
	}

	/** Return the names of the loops, those that were stalled for longest first. */
	private List<String> loops() {
		Map<String, Long> nanos = this.stalls.stream()
			.collect(Collectors.groupingBy(Stall::loop,
					Collectors.summingLong((Stall stall) -> stall.duration().toNanos())));
		return nanos.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
			.map(Map.Entry::getKey)
			.toList();
	}

	private double lagShare(Observations all) {
		double lag = all.lagOfAllStalls();
		return (lag > 0) ? Math.min(1, lag() / lag) : 0;
	}

	private Evidence evidence(Observations all) {
		Instant since = this.stalls.stream().map(Stall::startedAt).min(Instant::compareTo).orElseThrow();
		int inProgress = (int) this.stalls.stream().filter(Stall::inProgress).count();
		int requests = this.stalls.stream().mapToInt((stall) -> stall.requests().inFlight()).max().orElse(0);
		long last = this.stalls.stream().mapToLong(Stall::id).max().orElseThrow();
		return new Evidence(since, lastSeenAt(), loops(), figures(),
				new Evidence.Stalls(this.stalls.size(), inProgress, total(), longest(), lagShare(all), requests, last),
				code(all));
	}

	private List<String> figures() {
		List<String> figures = new ArrayList<>();
		Map<StallCause, Long> causes = this.stalls.stream()
			.collect(Collectors.groupingBy(Stall::cause, Collectors.counting()));
		figures.add("causes: " + causes.entrySet()
			.stream()
			.sorted(Map.Entry.<StallCause, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
			.map((cause) -> cause.getKey() + " " + Wording.times(cause.getValue().intValue()))
			.collect(Collectors.joining(", ")));
		double all = total().toNanos();
		figures.add("of the stalled time: on a CPU " + Wording.percent(sum((stall) -> stall.times().cpuNanos()) / all)
				+ ", garbage collection " + Wording.percent(sum((stall) -> stall.times().gcNanos()) / all)
				+ ", ready to run without a CPU "
				+ Wording.percent(sum((stall) -> stall.times().starvedNanos()) / all));
		return figures;
	}

	private long sum(ToLongFunction<Stall> nanos) {
		return this.stalls.stream().mapToLong(nanos).sum();
	}

	private Evidence.@Nullable Code code(Observations all) {
		Stall longest = this.stalls.stream().max(Comparator.comparing(Stall::duration)).orElseThrow();
		Set<String> notes = new LinkedHashSet<>();
		this.stalls.stream()
			.map((stall) -> stall.code().lockOwner())
			.filter(Objects::nonNull)
			.map(StallGroup::describe)
			.limit(1)
			.forEach(notes::add);
		if (longest.code().culprit() == null && longest.code().doing() != null) {
			notes.add("in " + longest.code().doing());
		}
		List<String> pools = all.facts().exhaustedPools();
		if (this.rule == StallRule.CONNECTION_POOL_EXHAUSTED && pools != null) {
			notes.addAll(pools);
		}
		List<String> routes = this.stalls.stream()
			.map((stall) -> stall.requests().route())
			.filter(Objects::nonNull)
			.distinct()
			.limit(MAX_ROUTES)
			.toList();
		boolean ofLine = this.rule.by == StallRule.By.LINE;
		return new Evidence.Code(ofLine ? longest.code().culprit() : null, ofLine ? longest.code().entry() : null,
				routes, List.copyOf(notes), (ofLine && !longest.advice().isEmpty()) ? longest.advice() : null);
	}

	private static String describe(LockOwner owner) {
		return "lock held by " + owner.threadName() + ((owner.at() != null) ? " at " + owner.at() : "");
	}

	private Confidence confidence() {
		double all = total().toNanos();
		double share = switch (this.rule) {
			case GARBAGE_COLLECTION -> sum((stall) -> stall.times().gcNanos()) / all;
			case CPU_LIMIT, STARVED_BY_OWN_THREADS, STARVED_NODE -> sum((stall) -> stall.times().starvedNanos()) / all;
			case UNEXPLAINED, COLD_START -> 0;
			default -> sum(StallGroup::sampledNanos) / all;
		};
		boolean measured = this.rule.by == StallRule.By.PROCESS && this.rule != StallRule.ONE_CONNECTION;
		int samples = this.stalls.stream().mapToInt((stall) -> stall.samples().count()).sum();
		if (share >= Thresholds.HIGH_CONFIDENCE && (measured || samples >= Thresholds.HIGH_CONFIDENCE_SAMPLES)) {
			return Confidence.HIGH;
		}
		return (share >= Thresholds.MEDIUM_CONFIDENCE) ? Confidence.MEDIUM : Confidence.LOW;
	}

	private static long sampledNanos(Stall stall) {
		return stall.samples().stacks().stream().mapToLong(SampledStack::nanos).sum();
	}

	/** Order of findings of equal severity: what explains most of the lag comes first. */
	static double lagShareOf(Finding finding) {
		Evidence.Stalls stalls = finding.evidence().stalls();
		return (stalls != null) ? stalls.lagShare() : 0;
	}

}
