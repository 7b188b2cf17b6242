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
		return "judged in %s, when the start-up grace of %s is over"
			.formatted(Figures.wholeSeconds(this.grace.leftAt(second.at())), Figures.seconds(this.grace.length()));
	}

	/** Describe an overload that does not take the application out of service. */
	String staying(HealthInput second) {
		return "%s, but staying in service for another %s in case all instances are overloaded".formatted(badSeconds(),
				Figures.wholeSeconds(this.timers.stayLeft(second.at())));
	}

	/** Describe what keeps the application out of service, and when it returns. */
	String outOfService(HealthInput second) {
		String trouble = Stream.concat(Stream.of(trouble(second)), second.signalled(EventLoopStatus.DEGRADED))
			.collect(Collectors.joining(" and "));
		return trouble + "; " + returnToService(second);
	}

	private String trouble(HealthInput second) {
		if (this.rules.isStuck(second)) {
			return stuck(second);
		}
		if (this.rules.isBad(second) && !this.grace.includes(second.at())) {
			return badSeconds();
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
			return "back in service, on probation, in " + Figures.wholeSeconds(latest);
		}
		return "back in service in %s if %s until then, in %s at the latest".formatted(Figures.wholeSeconds(earliest),
				calm(second), Figures.wholeSeconds(latest));
	}

	private String calm(HealthInput second) {
		if (this.grace.includes(second.at())) {
			return "no loop is stuck";
		}
		Double utilization = this.overloadedUtilization;
		return "no loop is stuck and lag p99 is at most " + Figures.millis(this.rules.calmP99())
				+ ((utilization != null) ? " and utilization below " + Figures.share(utilization) : "");
	}

	String onProbation(HealthInput second) {
		return "on probation after " + Figures.seconds(this.timers.wasOutFor()) + " out of service: "
				+ (this.rules.isStuck(second) ? stuck(second) : windowP99(second));
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
		return "%s in %d of the last %d seconds".formatted(String.join(" and ", signals), bad.size(),
				this.recent.size());
	}

	static String windowP99(HealthInput second) {
		return "lag p99 " + Figures.millis(second.windowLag().p99Nanos()) + " over " + Figures.seconds(second.window());
	}

	static String windowP50(HealthInput second) {
		return "lag p50 " + Figures.millis(second.windowLag().p50Nanos()) + " over " + Figures.seconds(second.window());
	}

}
