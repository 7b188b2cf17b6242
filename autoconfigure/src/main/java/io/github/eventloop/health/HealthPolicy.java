package io.github.eventloop.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.Lag;

/**
 * Judges the event loops, once a second. A state machine without a clock or a thread: the
 * same seconds and draws always get the same judgements. There is one method for each
 * state:
 *
 * <pre>
 *  NOT_STARTED --first loop--&gt; STARTING --grace is over--&gt; IN_SERVICE
 *                                  |                       |        ^
 *                                stuck          bad seconds, stuck  | recovered,
 *                                  |                       v        | or proved
 *                                  +-----------------&gt; OUT_OF_SERVICE --too long--&gt; ON_PROBATION
 * </pre>
 *
 * <b>It judges seconds</b>, not the lag over the window: one stall of 500 ms stays in a
 * window of 10 s for 10 s and would look sustained. In seconds it is a bad one, a hiccup;
 * three of ten, in a row or not, are overload. A single stall counts as one bad second,
 * however many it spans. What is still in progress is judged by how long it takes, and
 * counts second by second only if there was a bad one before.
 * <p>
 * <b>The way back is longer than the way out</b>: less lag is allowed, and for longer. An
 * application that gets no new traffic lags less for that very reason, and with a single
 * line it would go out and come back for ever.
 * <p>
 * <b>Nothing stays out for good</b>: when all replicas lag for a common reason, a slow
 * backend or a bad release, then having none of them in service is the worst of all
 * outcomes. After some time they come back whatever they measure, and are judged anew.
 * <p>
 * <b>Not all leave again and again</b>: a replica knows itself alone, and cannot tell
 * whether it is the one that is slow or whether all are. So whoever is overloaded leaves
 * at once, which is the cure if it is the only one. If it comes back and is overloaded
 * again soon, that was no cure: perhaps all are, and come and go together. So a lot
 * decides then: some leave, the others stay for a while and draw again if they are still
 * overloaded. Somebody who is stuck does not stay: nothing would be answered.
 * <p>
 * <b>Not all times are the same for all</b>: for how long somebody stays, is out at most
 * and is on probation is drawn by lot each time. How long a recovery takes is not, and
 * that is what usually ends a time out: replicas that left together for the same reason
 * come back together. Only the lot keeps them from leaving together again. (Drawn, too,
 * it made the times longer for which none was in service, in the simulation of a fleet.)
 * <p>
 * Not thread-safe.
 */
final class HealthPolicy {

	/**
	 * By how much of itself a time may be shorter, or longer, than it is set to. Chosen
	 * so that probation of those who left together begins up to half a minute apart, by
	 * default, and a time is still about what it is set to: in the simulation of a fleet,
	 * 0 and 0.5 made little difference.
	 */
	private static final double SPREAD = 0.25;

	/**
	 * As many times as long as a recovery takes it stays in service. Chosen so that those
	 * who left are back before those who stayed draw again. In the simulation of a fleet,
	 * 1 made half as many turns again, and with 6 ten replicas could all be out again
	 * after the first time.
	 */
	private static final int STAY = 3;

	private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

	private final HealthSettings settings;

	private final DoubleSupplier random;

	/** The seconds that count for or against the loops at present. */
	private final RecentSeconds recent;

	private State state = State.NOT_STARTED;

	/**
	 * When the grace began: with the first second in which a loop had started and the
	 * application was ready. {@code null} before that.
	 */
	private @Nullable Duration graceSince;

	/** When the application was taken out of service, or put on probation. */
	private Duration since = Duration.ZERO;

	/** For how long it may be out of service, or stays on probation, this time. */
	private Duration limit = Duration.ZERO;

	/**
	 * When it last recovered after having left overloaded, or was put on probation: with
	 * what made it leave, perhaps. {@code null} if it never was.
	 */
	private @Nullable Duration backSince;

	/** From when on it may leave service because of too many bad seconds. */
	private Duration mayLeaveFrom = LONG_AGO;

	/** What made it leave service, whatever came on top while it was out. */
	private EventLoopStatus leftAs = EventLoopStatus.OVERLOADED;

	/** How the application is judged while it is out of service. */
	private EventLoopStatus outAs = EventLoopStatus.OVERLOADED;

	/** The last second out of service that spoke against a recovery. */
	private Duration lastTrouble = Duration.ZERO;

	/** How long the application was out of service before it was put on probation. */
	private Duration wasOutFor = Duration.ZERO;

	/**
	 * Create a policy that has seen nothing.
	 * @param settings where the lines are drawn
	 * @param window the time that bad seconds are counted over
	 * @param random draws from 0 (inclusive) to 1 (exclusive), all equally likely; with 0
	 * times are as long as the settings say
	 */
	HealthPolicy(HealthSettings settings, Duration window, DoubleSupplier random) {
		this.settings = settings.checkedFor(window);
		this.random = random;
		this.recent = new RecentSeconds(window);
	}

	/**
	 * Judge a second.
	 * @param second the second, later than all before
	 * @return how the loops are judged now
	 */
	Judgement judge(Evidence second) {
		this.recent.add(second);
		if (!second.started()) {
			this.state = State.NOT_STARTED;
			this.graceSince = null;
		}
		else if (this.graceSince == null && second.ready()) {
			this.graceSince = second.at();
		}
		return switch (this.state) {
			case NOT_STARTED -> notStarted(second);
			case STARTING -> starting(second);
			case IN_SERVICE -> inService(second);
			case OUT_OF_SERVICE -> outOfService(second);
			case ON_PROBATION -> onProbation(second);
		};
	}

	/**
	 * There is nothing to judge: no loop was needed so far, or all of them are gone.
	 */
	private Judgement notStarted(Evidence second) {
		if (!second.started()) {
			return second.ready() ? healthy("no event loop has started")
					: starting("no event loop has started, and the application is not ready yet");
		}
		this.backSince = null;
		this.mayLeaveFrom = LONG_AGO;
		return enterService(second);
	}

	/**
	 * Class loading and the JIT compiler make young loops lag: only a stuck one counts.
	 * Nothing counts before the application was ready once: it is not in service yet.
	 */
	private Judgement starting(Evidence second) {
		if (this.graceSince != null && isStuck(second)) {
			return leaveService(second, EventLoopStatus.STUCK);
		}
		if (!isInGrace(second.at())) {
			return enterService(second);
		}
		Stream<String> busy = second.busyLoops()
			.stream()
			.limit(1)
			.filter((loop) -> isAtLeast(loop.busyFor(), this.settings.stuckAfter()))
			.map(BusyLoop::describe);
		return starting(Stream.concat(busy, Stream.of(describeStart(second))).collect(Collectors.joining("; ")));
	}

	private Judgement inService(Evidence second) {
		if (isStuck(second)) {
			return leaveService(second, EventLoopStatus.STUCK);
		}
		if (isBad(second) && countBadSeconds() >= this.settings.tripAfter().toSeconds()) {
			return overloaded(second);
		}
		List<String> doubts = doubts(second);
		return doubts.isEmpty() ? healthy(describeWindow(second)) : degraded(String.join(" and ", doubts));
	}

	private Judgement overloaded(Evidence second) {
		if (isAtLeast(second.at(), this.mayLeaveFrom)) {
			if (!isBackSoon(second) || isDrawnToLeave()) {
				return leaveService(second, EventLoopStatus.OVERLOADED);
			}
			stay(second);
		}
		return degraded("%s, but in service for another %s for the sake of others".formatted(describeBadSeconds(),
				Figures.wholeSeconds(this.mayLeaveFrom.minus(second.at()))));
	}

	/** Whether leaving has not helped: it is overloaded soon after it came back. */
	private boolean isBackSoon(Evidence second) {
		return this.backSince != null && !isAtLeast(second.at().minus(this.backSince), this.settings.maxOutOfService());
	}

	/** A draw of 0 leaves, unless all stay. */
	private boolean isDrawnToLeave() {
		return this.random.getAsDouble() < 1 - this.settings.stayShare();
	}

	private void stay(Evidence second) {
		this.mayLeaveFrom = second.at()
			.plus(scaled(this.settings.recoverAfter(), STAY * (1 + SPREAD * this.random.getAsDouble())));
	}

	/** What is not as it should be, without being reason enough to leave service. */
	private List<String> doubts(Evidence second) {
		List<String> doubts = new ArrayList<>();
		if (isDegraded(second, Lag::p99Nanos, this.settings.degradedP99())) {
			doubts.add(describeWindow(second));
		}
		else if (isDegraded(second, Lag::p50Nanos, this.settings.degradedP50())) {
			doubts.add("lag p50 " + Figures.millis(second.windowLag().p50Nanos()) + " over "
					+ Figures.seconds(second.window()));
		}
		second.signalled(EventLoopStatus.OVERLOADED).forEach(doubts::add);
		second.signalled(EventLoopStatus.DEGRADED).forEach(doubts::add);
		return doubts;
	}

	/**
	 * Waits for the trouble to end, or for the longest time to pass. Once stuck it stays
	 * {@link EventLoopStatus#STUCK} until it has recovered: a loop that is stuck, moves
	 * and is stuck again is one piece of news, not three.
	 */
	private Judgement outOfService(Evidence second) {
		if (isStuck(second)) {
			this.outAs = EventLoopStatus.STUCK;
		}
		if (!isCalm(second)) {
			this.lastTrouble = second.at();
		}
		Duration calmFor = second.at().minus(this.lastTrouble);
		if (isAtLeast(calmFor, this.settings.recoverAfter())) {
			return recover(second);
		}
		if (isAtLeast(second.at().minus(this.since), this.limit)) {
			return enterProbation(second);
		}
		String trouble = Stream
			.concat(Stream.of(describeTrouble(second, calmFor)), second.signalled(EventLoopStatus.DEGRADED))
			.collect(Collectors.joining(" and "));
		return new Judgement(this.outAs, trouble + "; " + describeReturn(second, calmFor));
	}

	/**
	 * Who left overloaded gets its load back, and it is remembered: with that, the
	 * trouble may come back. Who left stuck is as good as new.
	 */
	private Judgement recover(Evidence second) {
		if (this.leftAs == EventLoopStatus.OVERLOADED) {
			this.backSince = second.at();
		}
		return enterService(second);
	}

	/**
	 * In service whatever it measures, for as long as a recovery takes or a little
	 * longer.
	 */
	private Judgement onProbation(Evidence second) {
		if (isAtLeast(second.at().minus(this.since), this.limit)) {
			return enterService(second);
		}
		return degraded("on probation after " + Figures.seconds(this.wasOutFor) + " out of service: "
				+ (isStuck(second) ? describeStuck(second) : describeWindow(second)));
	}

	/** With a clean record: only this second and those to come count. */
	private Judgement enterService(Evidence second) {
		this.recent.forgetBefore(second);
		if (isInGrace(second.at())) {
			this.state = State.STARTING;
			return starting(second);
		}
		this.state = State.IN_SERVICE;
		return inService(second);
	}

	private Judgement leaveService(Evidence second, EventLoopStatus status) {
		this.state = State.OUT_OF_SERVICE;
		this.since = second.at();
		this.limit = scaled(this.settings.maxOutOfService(), 1 - SPREAD * this.random.getAsDouble());
		this.lastTrouble = second.at();
		this.leftAs = status;
		this.outAs = status;
		return outOfService(second);
	}

	private Judgement enterProbation(Evidence second) {
		this.state = State.ON_PROBATION;
		this.backSince = second.at();
		this.wasOutFor = second.at().minus(this.since);
		this.since = second.at();
		this.limit = scaled(this.settings.recoverAfter(), 1 + SPREAD * this.random.getAsDouble());
		return onProbation(second);
	}

	private boolean isInGrace(Duration instant) {
		return this.graceSince == null || !isAtLeast(instant.minus(this.graceSince), this.settings.startupGrace());
	}

	private boolean isStuck(Evidence second) {
		return stuckLoop(second).isPresent() || second.isSignalled(EventLoopStatus.STUCK);
	}

	private Optional<BusyLoop> stuckLoop(Evidence second) {
		boolean inGrace = isInGrace(second.at());
		return second.busyLoops()
			.stream()
			.filter((loop) -> isAtLeast(loop.busyFor(), this.settings.stuckAfter()))
			.filter((loop) -> !inGrace || loop.excuse() == null
					|| isAtLeast(loop.busyFor(), this.settings.startupGrace()))
			.findFirst();
	}

	/** Whether the second speaks for taking the application out of service. */
	private boolean isBad(Evidence second) {
		return isLagBad(second) || isUtilizationBad(second) || second.isSignalled(EventLoopStatus.OVERLOADED);
	}

	/**
	 * How many seconds were bad, without those that only were because of a stall that had
	 * not ended, if nothing bad was before it: however many seconds a single stall spans,
	 * it counts as one, and while it lasts it is judged by its length.
	 */
	private long countBadSeconds() {
		return this.recent.matching(this::isBad).dropWhile(this::isBadByStallInProgress).count();
	}

	private boolean isBadByStallInProgress(Evidence second) {
		return !isLagBad(second.handledLag()) && !isUtilizationBad(second)
				&& !second.isSignalled(EventLoopStatus.OVERLOADED);
	}

	private boolean isLagBad(Evidence second) {
		return isLagBad(second.lag()) || isLagBad(second.handledLag());
	}

	private boolean isLagBad(Lag lag) {
		return isAtLeast(Duration.ofNanos(lag.p99Nanos()), this.settings.overloadedP99());
	}

	/** What events met in this second, or had met that were handled in it. */
	private static long worstP99Nanos(Evidence second) {
		return Math.max(second.lag().p99Nanos(), second.handledLag().p99Nanos());
	}

	private boolean isUtilizationBad(Evidence second) {
		Double threshold = this.settings.overloadedUtilization();
		return threshold != null && second.utilization() >= threshold;
	}

	/**
	 * Whether the second speaks for putting the application back in service. There is no
	 * half of a utilization threshold: the time that requests take of the loops shrinks
	 * with the number of requests, and half of it may be what a quiet day needs.
	 */
	private boolean isCalm(Evidence second) {
		if (isStuck(second)) {
			return false;
		}
		if (isInGrace(second.at())) {
			return true;
		}
		return isAtLeast(calmP99(), Duration.ofNanos(worstP99Nanos(second))) && !isBad(second);
	}

	private Duration calmP99() {
		return this.settings.overloadedP99().dividedBy(2);
	}

	/**
	 * Whether a percentile of the lag is too high over the window. While the window
	 * reaches back into the grace, a second after the grace has to confirm it.
	 */
	private boolean isDegraded(Evidence second, ToLongFunction<Lag> percentile, Duration threshold) {
		Predicate<Lag> tooHigh = (lag) -> isAtLeast(Duration.ofNanos(percentile.applyAsLong(lag)), threshold);
		boolean confirmed = !isInGrace(second.at().minus(second.window()))
				|| this.recent.any((counted) -> tooHigh.test(counted.lag()));
		return confirmed && tooHigh.test(second.windowLag());
	}

	/** To the millisecond. What is too long for that is as long as can be. */
	private static Duration scaled(Duration duration, double factor) {
		double millis = duration.toSeconds() * 1e3 + duration.toMillisPart();
		return Duration.ofMillis(Math.round(millis * factor));
	}

	private static boolean isAtLeast(Duration duration, Duration threshold) {
		return duration.compareTo(threshold) >= 0;
	}

	private static Judgement starting(String reason) {
		return new Judgement(EventLoopStatus.STARTING, reason);
	}

	private static Judgement healthy(String reason) {
		return new Judgement(EventLoopStatus.HEALTHY, reason);
	}

	private static Judgement degraded(String reason) {
		return new Judgement(EventLoopStatus.DEGRADED, reason);
	}

	private String describeStart(Evidence second) {
		if (this.graceSince == null) {
			return "the application is not ready yet";
		}
		Duration grace = this.settings.startupGrace();
		return "judged in %s, when the start-up grace of %s is over"
			.formatted(Figures.wholeSeconds(grace.minus(second.at().minus(this.graceSince))), Figures.seconds(grace));
	}

	/** What keeps it out of service in this second. */
	private String describeTrouble(Evidence second, Duration calmFor) {
		if (isStuck(second)) {
			return describeStuck(second);
		}
		if (isBad(second) && !isInGrace(second.at())) {
			return describeBadSeconds();
		}
		if (calmFor.isZero()) {
			return "lag p99 " + Figures.millis(second.lag().p99Nanos()) + " in the last second";
		}
		return "no trouble for " + Figures.wholeSeconds(calmFor);
	}

	/** What it needs to be back in service, and when that will be. */
	private String describeReturn(Evidence second, Duration calmFor) {
		Duration earliest = this.settings.recoverAfter().minus(calmFor);
		Duration latest = this.limit.minus(second.at().minus(this.since));
		if (isAtLeast(earliest, latest)) {
			return "back in service, on probation, in " + Figures.wholeSeconds(latest);
		}
		return "back in service in %s if %s until then, in %s at the latest".formatted(Figures.wholeSeconds(earliest),
				describeCalm(second), Figures.wholeSeconds(latest));
	}

	private String describeBadSeconds() {
		List<Evidence> bad = this.recent.matching(this::isBad).toList();
		List<String> signals = new ArrayList<>();
		if (bad.stream().anyMatch(this::isLagBad)) {
			long worst = bad.stream().mapToLong(HealthPolicy::worstP99Nanos).max().orElse(0);
			signals.add("lag p99 up to " + Figures.millis(worst));
		}
		if (bad.stream().anyMatch(this::isUtilizationBad)) {
			double worst = bad.stream().mapToDouble(Evidence::utilization).max().orElse(0);
			signals.add("utilization up to " + Figures.share(worst));
		}
		bad.get(bad.size() - 1).signalled(EventLoopStatus.OVERLOADED).forEach(signals::add);
		return "%s in %d of the last %d seconds".formatted(String.join(" and ", signals), bad.size(),
				this.recent.size());
	}

	private String describeCalm(Evidence second) {
		if (isInGrace(second.at())) {
			return "no loop is stuck";
		}
		Double utilization = this.settings.overloadedUtilization();
		return "no loop is stuck and lag p99 is at most " + Figures.millis(calmP99())
				+ ((utilization != null) ? " and utilization below " + Figures.share(utilization) : "");
	}

	private String describeStuck(Evidence second) {
		return stuckLoop(second).map(BusyLoop::describe)
			.orElseGet(() -> second.signalled(EventLoopStatus.STUCK).collect(Collectors.joining(" and ")));
	}

	private static String describeWindow(Evidence second) {
		return "lag p99 " + Figures.millis(second.windowLag().p99Nanos()) + " over " + Figures.seconds(second.window());
	}

	private enum State {

		NOT_STARTED, STARTING, IN_SERVICE, OUT_OF_SERVICE, ON_PROBATION

	}

}
