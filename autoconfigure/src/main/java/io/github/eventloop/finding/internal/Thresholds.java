package io.github.eventloop.finding.internal;

import java.time.Duration;

/**
 * All thresholds of the rules, chosen by what users notice.
 */
final class Thresholds {

	/** What rules about utilization average over: shorter is a burst of requests. */
	static final Duration LOAD_PERIOD = Duration.ofMinutes(1);

	/** Shortest part of it that is enough. */
	static final int MIN_LOAD_SECONDS = 10;

	/**
	 * A stall that a finding is made of: a second with such a lag is one that makes an
	 * instance leave service. Shorter stalls count only if they are repeated.
	 */
	static final Duration LONG_STALL = Duration.ofMillis(200);

	/** A wait that interrupts the user's flow of thought, even if it happens once. */
	static final Duration VERY_LONG_STALL = Duration.ofSeconds(1);

	/** This many stalls within {@link #REPEATED_WITHIN} are a pattern. */
	static final int REPEATED = 3;

	static final Duration REPEATED_WITHIN = Duration.ofMinutes(1);

	/** Every JVM loads classes for its first requests; less than this goes unnoticed. */
	static final Duration SLOW_START = Duration.ofMillis(500);

	/** How long after its start a JVM interprets most of what it executes. */
	static final Duration COLD = Duration.ofMinutes(2);

	/** What happened longer ago does not make a finding critical. */
	static final Duration RECENT = Duration.ofSeconds(10);

	/** A finding is critical if it explains at least this much of the lag. */
	static final double MOST = 0.5;

	/** With more starvation of the monitor thread, loops are starved, too. */
	static final double STARVED_SHARE = 0.05;

	/** As in the alert {@code EventLoopHotLoop}. */
	static final double HOT_UTILIZATION = 0.8;

	static final double COOL_UTILIZATION = 0.4;

	/** Above it, most events find their loop busy, and waits grow fast. */
	static final double SATURATED_UTILIZATION = 0.7;

	/** Below it, short blocking calls delay too few events to be noticed. */
	static final double BUSY_UTILIZATION = 0.3;

	/** A loop that computes uses more of a CPU than this share of its busy time. */
	static final double COMPUTING_SHARE = 0.5;

	/** CPUs are free for more loops while the process uses less than this share. */
	static final double FREE_CPU_UTILIZATION = 0.7;

	/** Above it, loops compete with the other threads for CPUs. */
	static final double FULL_CPU_UTILIZATION = 0.9;

	/** Reactor Netty never creates fewer, however few CPUs there are. */
	static final int MIN_DEFAULT_LOOPS = 4;

	/** Loops for each CPU from which they mostly take it from each other. */
	static final int TOO_MANY_PER_PROCESSOR = 4;

	/** As {@code AcceptorSignal}: shorter waits for a connection go unnoticed. */
	static final Duration ACCEPTOR_BLOCKED = Duration.ofMillis(500);

	/** Longer than a busy machine delays a thread; such a task belongs to a request. */
	static final Duration WORKER_WAIT = Duration.ofMillis(500);

	/** {@code timeoutSeconds} of a probe of Kubernetes, by default. */
	static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

	/** The usual timeout of a client or proxy: a response would not be received. */
	static final Duration HANGING = Duration.ofSeconds(30);

	/** See {@link io.github.eventloop.finding.Confidence}. */
	static final double HIGH_CONFIDENCE = 0.8;

	static final double MEDIUM_CONFIDENCE = 0.4;

	static final int HIGH_CONFIDENCE_SAMPLES = 3;

	/** Different lines that block are listed up to this number for each rule. */
	static final int MAX_FINDINGS_PER_RULE = 3;

	private Thresholds() {
	}

}
