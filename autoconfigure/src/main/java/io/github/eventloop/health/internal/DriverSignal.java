package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Signal for loops of drivers that are stuck or lag. They do not count in the status, so
 * that a driver that is blocked does not take the instance out of service, but what waits
 * for the driver is delayed. Stateless and thread-safe.
 */
public final class DriverSignal implements HealthSignal {

	/** A reason is one line, even if all loops of a large group are stuck. */
	private static final int MAX_NAMED = 3;

	private final HealthSettings settings;

	/**
	 * Create a signal.
	 * @param settings the settings
	 */
	public DriverSignal(HealthSettings settings) {
		this.settings = settings;
	}

	@Override
	public @Nullable Judgement judge(EventLoopSecond second) {
		List<LoopSnapshot> loops = new ArrayList<>();
		for (LoopSnapshot loop : second.snapshot().loops()) {
			if (loop.roles().contains(LoopRole.DRIVER) && !loop.counted() && (isStuck(loop) || isLagging(loop))) {
				loops.add(loop);
			}
		}
		if (loops.isEmpty()) {
			return null;
		}
		loops.sort(Comparator.comparingLong(LoopSnapshot::stuckNanos).reversed());
		List<String> reasons = new ArrayList<>();
		loops.stream().limit(MAX_NAMED).map((loop) -> describe(loop, second.snapshot().window())).forEach(reasons::add);
		if (loops.size() > MAX_NAMED) {
			reasons.add((loops.size() - MAX_NAMED) + " more loops of drivers are stuck or lag");
		}
		return new Judgement(EventLoopStatus.DEGRADED, String.join(" and ", reasons));
	}

	private boolean isStuck(LoopSnapshot loop) {
		return isAtLeast(loop.stuckNanos(), this.settings.stuckAfter());
	}

	/**
	 * The estimated lag of an external loop includes the time in which its thread waited
	 * for a CPU, so a lag that would be noticeable on other loops is normal.
	 */
	private boolean isLagging(LoopSnapshot loop) {
		return isAtLeast(loop.lag().p99Nanos(),
				loop.approximate() ? this.settings.overloadedP99() : this.settings.degradedP99());
	}

	private static boolean isAtLeast(long nanos, Duration limit) {
		return Duration.ofNanos(nanos).compareTo(limit) >= 0;
	}

	private String describe(LoopSnapshot loop, Duration window) {
		String name = loop.name() + " of " + loop.component();
		return isStuck(loop)
				? name + " has made no progress for " + Figures.seconds(Duration.ofNanos(loop.stuckNanos()))
				: name + " has a lag p99 of " + Figures.millis(loop.lag().p99Nanos()) + " over "
						+ Figures.seconds(window);
	}

}
