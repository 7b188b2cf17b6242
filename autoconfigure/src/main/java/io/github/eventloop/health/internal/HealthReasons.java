package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;

/**
 * The reasons for the judgements of a {@link HealthPolicy}, in words and numbers.
 * <p>
 * Not thread-safe: reads the state of its {@link HealthPolicy}.
 */
final class HealthReasons {

	private final @Nullable Double overloadedUtilization;

	private final StartupGrace grace;

	private final SecondRules rules;

	private final RecentSeconds recent;

	private final ServiceTimers timers;

	HealthReasons(HealthSettings settings, StartupGrace grace, SecondRules rules, RecentSeconds recent,
			ServiceTimers timers) {
		this.overloadedUtilization = settings.overloadedUtilization();
		this.grace = grace;
		this.rules = rules;
		this.recent = recent;
		this.timers = timers;
	}

	/** Describe a second during startup, with a loop that is busy too long, if any. */
	String starting(HealthInput second) {
		Stream<String> busy = second.busyLoops()
			.stream()
			.limit(1)
			.filter(this.rules::isBusyTooLong)
			.map(BusyLoop::describe);
		return Stream.concat(busy, Stream.of(start(second))).collect(Collectors.joining("; "));
	}

	private String start(HealthInput second) {
		if (!this.grace.hasStarted()) {
			return "the application is not ready yet";
		}
		return "judged in " + Figures.wholeSeconds(this.grace.leftAt(second.at())) + ", when the start-up grace of "
				+ Figures.seconds(this.grace.length()) + " is over";
	}

	/** Return what makes the status degraded, without being a reason to leave service. */
	List<String> degraded(HealthInput second) {
		List<String> reasons = new ArrayList<>();
		if (this.rules.isP99Degraded(second, this.recent)) {
			reasons.add(windowP99(second));
		}
		else if (this.rules.isP50Degraded(second, this.recent)) {
			reasons.add(windowP50(second));
		}
		second.signalled(EventLoopStatus.OVERLOADED).forEach(reasons::add);
		second.signalled(EventLoopStatus.DEGRADED).forEach(reasons::add);
		return reasons;
	}

	/** Describe a trouble that does not take the application out of service. */
	String staying(HealthInput second, String why) {
		return trouble(second) + ", but staying in service for another " + remaining(this.timers.stayLeft(second.at()))
				+ ": " + why;
	}

	/** Describe a trouble that takes the application out of service after the delay. */
	String leaving(HealthInput second) {
		Duration left = this.timers.delayLeft(second.at());
		return left.isNegative() ? trouble(second) + "; leaving service if that continues"
				: trouble(second) + "; leaving service in " + remaining(left) + " unless requests increase";
	}

	/** Format the rest of a time, rounded up, as 0 s would mean that it is over. */
	private static String remaining(Duration left) {
		return Figures.wholeSeconds(Duration.ofSeconds(left.plusNanos(999_999_999).toSeconds()));
	}

	/** Describe a trouble that a gate has not decided about yet. */
	String awaitingDecision(HealthInput second) {
		return trouble(second) + "; asking whether this instance may leave service";
	}

	/** Describe what keeps the application out of service, and when it returns. */
	String outOfService(HealthInput second) {
		String trouble = Stream.concat(Stream.of(lastTrouble(second)), second.signalled(EventLoopStatus.DEGRADED))
			.collect(Collectors.joining(" and "));
		return trouble + "; " + returnToService(second);
	}

	/** Describe what is wrong in service. */
	String trouble(HealthInput second) {
		return this.rules.isStuck(second) ? stuck(second) : badSeconds();
	}

	private String lastTrouble(HealthInput second) {
		if (this.rules.isTrouble(second)) {
			return trouble(second);
		}
		Duration calmFor = this.timers.calmFor(second.at());
		if (calmFor.isZero()) {
			return "lag p99 " + Figures.millis(second.lag().p99Nanos()) + " in the last second";
		}
		return "no trouble for " + Figures.wholeSeconds(calmFor);
	}

	private String returnToService(HealthInput second) {
		Duration earliest = this.timers.recoveryLeft(second.at());
		Duration latest = this.timers.timeLeft(second.at());
		if (earliest.compareTo(latest) >= 0) {
			return "back in service in " + Figures.wholeSeconds(latest);
		}
		return "back in service in " + Figures.wholeSeconds(earliest) + " if " + calm(second) + " until then, in "
				+ Figures.wholeSeconds(latest) + " at the latest";
	}

	private String calm(HealthInput second) {
		if (this.grace.includes(second.at())) {
			return "no loop is stuck";
		}
		Double utilization = this.overloadedUtilization;
		return "no loop is stuck and lag p99 is at most " + Figures.millis(this.rules.calmP99())
				+ ((utilization != null) ? " and utilization below " + Figures.share(utilization) : "");
	}

	private String stuck(HealthInput second) {
		return this.rules.stuckLoop(second)
			.map(BusyLoop::describe)
			.orElseGet(() -> second.signalled(EventLoopStatus.STUCK).collect(Collectors.joining(" and ")));
	}

	private String badSeconds() {
		List<HealthInput> bad = this.recent.matching(this.rules::isBad).toList();
		List<String> signals = new ArrayList<>();
		if (bad.stream().anyMatch(this.rules::isLagBad)) {
			long worst = bad.stream().mapToLong(SecondRules::worstP99Nanos).max().orElse(0);
			signals.add("lag p99 up to " + Figures.millis(worst));
		}
		if (bad.stream().anyMatch(this.rules::isUtilizationBad)) {
			double worst = bad.stream().mapToDouble(HealthInput::utilization).max().orElse(0);
			signals.add("utilization up to " + Figures.share(worst));
		}
		bad.get(bad.size() - 1).signalled(EventLoopStatus.OVERLOADED).forEach(signals::add);
		return String.join(" and ", signals) + " in " + bad.size() + " of the last " + this.recent.size() + " seconds";
	}

	static String windowP99(HealthInput second) {
		return "lag p99 " + Figures.millis(second.windowLag().p99Nanos()) + " over " + Figures.seconds(second.window());
	}

	static String windowP50(HealthInput second) {
		return "lag p50 " + Figures.millis(second.windowLag().p50Nanos()) + " over " + Figures.seconds(second.window());
	}

}
