package io.github.eventloop.finding.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.cause.StarvedBy;

/**
 * Catalogue of the rules about stalls, one line of data each. A stall belongs to the
 * first rule that it matches.
 */
enum StallRule {

	GARBAGE_COLLECTION("garbage-collection", By.PROCESS, "Garbage collection stopped %s",
			(stall, all) -> stall.cause() == StallCause.GC,
			"If the heap is nearly full, restart the instance; otherwise, add instances, so that each allocates less.",
			"Allocate less in the lines that allocate most, give the heap more room, or use a collector with shorter"
					+ " pauses."),

	CPU_LIMIT("cpu-limit", By.PROCESS, "The CPU limit kept %s from running",
			(stall, all) -> isStarvedBy(stall, StarvedBy.CPU_LIMIT), "Raise the CPU limit, or add instances.",
			"Remove the CPU limit and request the CPUs that the process needs (Kubernetes: resources.requests.cpu), or"
					+ " let fewer threads of the process compute at once."),

	STARVED_BY_OWN_THREADS("starved-by-own-threads", By.PROCESS, "Other threads of this process kept %s from a CPU",
			(stall, all) -> isStarvedBy(stall, StarvedBy.OWN_THREADS), "Add CPUs or instances.",
			"Limit the pools that compute to the number of CPUs, or give the process more."),

	STARVED_NODE("starved-node", By.PROCESS, "A lack of free CPUs kept %s from running",
			(stall, all) -> stall.cause() == StallCause.STARVED,
			"Move this instance, or its neighbors, to another node.",
			"Request as many CPUs as the process needs (Kubernetes: resources.requests.cpu), and limit its neighbors."),

	CLASS_LOADING("class-loading", By.LINE, "Code that runs for the first time delayed %s",
			(stall, all) -> isLoadingClasses(stall),
			"Nothing: it is over once the classes are loaded. Send new instances few requests at first.",
			"Run this code once at start-up, before the application reports that it is ready."),

	COLD_START("cold-start", By.PROCESS, "The JVM had not compiled its code yet, which delayed %s",
			(stall, all) -> isCold(stall, all),
			"Nothing: it is over once the code is compiled. Send new instances few requests at first.",
			"Send requests to each route at start-up, before the application reports that it is ready, and give the"
					+ " process enough CPU for the compiler."),

	DRIVER_LOOP_BLOCKED("driver-loop-blocked", By.LINE, "A callback on a connection of a driver blocked %s",
			(stall, all) -> isOfApplication(stall) && stall.component() != null,
			"All commands on these connections wait: if it goes on, restart the instance.",
			"Continue on another thread (publishOn(Schedulers.parallel()) or boundedElastic()) before this callback."),

	ONE_CONNECTION("one-connection", By.PROCESS, "The work of one connection occupied %s",
			(stall, all) -> stall.work().oneConnection(),
			"Let the client open more connections, or limit its requests.",
			"Set eventloop.pacing.enabled=true, limit streams or messages per connection, or let gateways open more"
					+ " connections."),

	CONNECTION_POOL_EXHAUSTED("connection-pool-exhausted", By.LINE,
			"Waiting for a free connection of a pool blocked %s",
			(stall, all) -> isWaiting(stall) && StalledCode.WAITS_FOR_POOL.isMostOf(stall),
			"Look for the statements that hold the connections, and for a slow database or backend.",
			"Take connections on Schedulers.boundedElastic(), return them sooner, and look for a leak."),

	SLOW_LOGGING("slow-logging", By.LINE, "Writing to the log blocked %s",
			(stall, all) -> stall.cause() != StallCause.FLOOD && StalledCode.LOGS.isMostOf(stall),
			"Log less: raise the level of the busiest logger, and make sure that the console or pipe is read.",
			"Log through an asynchronous appender that discards events when it is full (Logback: AsyncAppender with"
					+ " neverBlock=true)."),

	LOCK_CONTENTION("lock-contention", By.LINE, "A lock that another thread held blocked %s",
			(stall, all) -> stall.cause() == StallCause.LOCK
					|| (stall.cause() == StallCause.WAITING && stall.code().lockOwner() != null),
			"Find out what the owner of the lock is doing: see the evidence, or take a thread dump.",
			"Hold no lock while waiting or computing, or do not share it with event loops."),

	BLOCKING_CALL("blocking-call", By.LINE, "A call that waits blocked %s", (stall, all) -> isWaiting(stall),
			"If a release introduced it, roll back; otherwise, find out why the other side is slow.",
			"Use a client that does not block, a timer instead of a sleep, or subscribeOn(Schedulers.boundedElastic())."),

	MANY_SHORT_TASKS("many-short-tasks", By.LINE, "Many short tasks or events occupied %s",
			(stall, all) -> stall.cause() == StallCause.FLOOD, "Limit what produces them, or add instances.",
			"Combine them into fewer tasks, or run them on another scheduler."),

	COMPUTING("computing", By.LINE, "A computation occupied %s", (stall, all) -> stall.cause() == StallCause.COMPUTING,
			"If a release introduced it, roll back; otherwise, limit the size or the rate of these requests.",
			"Compute on Schedulers.parallel(), or compute less at once."),

	UNEXPLAINED("unexplained-lag", By.PROCESS, "Something that was not measured blocked %s", (stall, all) -> true,
			"Take thread dumps while it happens, and look at the CPU usage of the machine.",
			"Record a JDK Flight Recorder recording, and set eventloop.blocking.detector=jfr.");

	private static final Set<StallCause> WAITS = Set.of(StallCause.BLOCKING_IO, StallCause.SLEEPING, StallCause.WAITING,
			StallCause.LOCK);

	final String id;

	final By by;

	/** Contains {@code %s} for the loops. */
	final String title;

	@SuppressWarnings("ImmutableEnumChecker") // lambdas that capture nothing
	private final BiPredicate<Stall, Observations> condition;

	final String action;

	final String cure;

	StallRule(String id, By by, String title, BiPredicate<Stall, Observations> condition, String action, String cure) {
		this.id = id;
		this.by = by;
		this.title = title;
		this.condition = condition;
		this.action = action;
		this.cure = cure;
	}

	static StallRule of(Stall stall, Observations all) {
		for (StallRule rule : values()) {
			if (rule.condition.test(stall, all)) {
				return rule;
			}
		}
		return UNEXPLAINED;
	}

	/**
	 * Return whether users noticed stalls of this rule, so that they are worth a finding.
	 * @param stalls the stalls, newest first
	 */
	boolean isNoticed(List<Stall> stalls) {
		Duration longest = stalls.stream().map(Stall::duration).max(Duration::compareTo).orElse(Duration.ZERO);
		return switch (this) {
			case CLASS_LOADING, COLD_START -> longest.compareTo(Thresholds.SLOW_START) >= 0;
			// Now and then, a busy machine delays a thread this much. There is nothing to
			// do.
			case STARVED_NODE, STARVED_BY_OWN_THREADS, UNEXPLAINED ->
				isRepeated(stalls) || longest.compareTo(Thresholds.VERY_LONG_STALL) >= 0;
			default -> isRepeated(stalls) || longest.compareTo(Thresholds.LONG_STALL) >= 0;
		};
	}

	/**
	 * Return whether some of the stalls follow each other so closely that they repeat.
	 */
	static boolean isRepeated(List<Stall> stalls) {
		for (int i = Thresholds.REPEATED - 1; i < stalls.size(); i++) {
			Stall newest = stalls.get(i - Thresholds.REPEATED + 1);
			if (!stalls.get(i).startedAt().isBefore(newest.startedAt().minus(Thresholds.REPEATED_WITHIN))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isStarvedBy(Stall stall, String reason) {
		return stall.cause() == StallCause.STARVED && reason.equals(stall.times().starvedBy());
	}

	private static boolean isLoadingClasses(Stall stall) {
		return stall.isClassLoading() || (stall.code().lockOwner() != null && stall.code().lockOwner().loadsClass());
	}

	private static boolean isCold(Stall stall, Observations all) {
		return stall.code().culprit() == null && !isWaiting(stall)
				&& stall.startedAt().isBefore(all.facts().startedAt().plus(Thresholds.COLD));
	}

	private static boolean isOfApplication(Stall stall) {
		return stall.cause() != StallCause.UNKNOWN;
	}

	private static boolean isWaiting(Stall stall) {
		return WAITS.contains(stall.cause());
	}

	/** Return whether a stall was requested through the endpoint. */
	static boolean isDrill(Stall stall) {
		return stall.code().culprit() != null && stall.code().culprit().className().equals(Drill.class.getName());
	}

	/**
	 * What the stalls of one finding have in common.
	 */
	enum By {

		/** The line that caused them. */
		LINE,

		/** Only the cause, which affects the process or the connection. */
		PROCESS

	}

}
