package io.github.eventloop.stall.internal.cause;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.sample.Interval;
import io.github.eventloop.stall.internal.stack.CulpritFinder;
import io.github.eventloop.stall.internal.stack.TlsHandshake;
import io.github.eventloop.stall.internal.stack.WebSocketMessages;

/**
 * The diagnosis of a stall: its cause, which accounts for most of its time. The time of
 * each {@link Interval} is attributed in order of reliability: garbage collections as the
 * collectors report them, CPU time, time in a run queue, and only the rest to the state
 * that the sample shows.
 * <p>
 * Immutable once created.
 */
public final class Diagnosis {

	/** Longest delay of the first sample after the threshold while a CPU is free. */
	private static final long LATEST_FIRST_SAMPLE_NANOS = 20_000_000;

	/** Minimum number of tasks or events of a flood, however short they are. */
	public static final int FEWEST_TASKS = 16;

	private final StallFacts facts;

	private final StackReader reader;

	private final Map<StallCause, Long> shares = new EnumMap<>(StallCause.class);

	/** The time of each share by stack. */
	private final Map<StallCause, Map<StackTraceElement[], Long>> stackNanos = new EnumMap<>(StallCause.class);

	/** Whether most samples of the running thread show system calls. */
	private final boolean mostlyInSystemCalls;

	/** The CPU time of system calls, part of the share of I/O. */
	private long systemCallCpuNanos;

	private final StallCause cause;

	public Diagnosis(StallFacts facts, StackReader reader) {
		this.facts = facts;
		this.reader = reader;
		this.mostlyInSystemCalls = countSamples(StallCause.BLOCKING_IO) > countSamples(StallCause.COMPUTING);
		for (int i = 0; i < facts.intervals().size(); i++) {
			divide(i);
		}
		attributeStarvedCollections();
		attributeUnexplained();
		this.cause = findCause();
	}

	private void divide(int index) {
		Interval interval = this.facts.intervals().get(index);
		long left = interval.nanos();
		long collecting = Math.min(left, this.facts.collectionNanos().applyAsLong(interval.from(), interval.to()));
		left -= collecting;
		long computing = Math.min(left, computing(interval));
		left -= computing;
		long starved = Math.min(left, starved(interval, left));
		left -= starved;
		boolean inSystemCall = this.mostlyInSystemCalls && interval.sampledCause() == StallCause.BLOCKING_IO;
		this.systemCallCpuNanos += inSystemCall ? computing : 0;
		attribute(StallCause.GC, collecting, interval);
		attribute(inSystemCall ? StallCause.BLOCKING_IO : StallCause.COMPUTING, computing, interval);
		attribute(StallCause.STARVED, starved, interval);
		attribute(interval.isWait() ? Objects.requireNonNull(interval.sampledCause()) : unexplained(index), left,
				interval);
	}

	private long countSamples(StallCause cause) {
		return this.facts.intervals().stream().filter((interval) -> interval.sampledCause() == cause).count();
	}

	/**
	 * If the sample shows a running thread, it may have run for the whole interval. If it
	 * shows a waiting thread, only the lower bound of its CPU time is certain.
	 */
	private static long computing(Interval interval) {
		return (interval.sampledCause() == StallCause.COMPUTING) ? interval.maxCpuNanos() : interval.minCpuNanos();
	}

	private long starved(Interval interval, long left) {
		if (interval.queuedNanos() >= 0) {
			return interval.queuedNanos();
		}
		boolean late = interval.sampledCause() == null
				&& interval.nanos() - this.facts.thresholdNanos() > LATEST_FIRST_SAMPLE_NANOS;
		return (late || interval.sampledCause() == StallCause.COMPUTING) ? left : 0;
	}

	/**
	 * Return the cause of time that is explained neither by CPU time nor by a run queue
	 * nor by the sample. A sample that shows no wait, next to one that does, was taken at
	 * a safepoint or between two calls.
	 */
	private StallCause unexplained(int index) {
		List<Interval> intervals = this.facts.intervals();
		for (int neighbor : new int[] { index - 1, index + 1 }) {
			if (neighbor >= 0 && neighbor < intervals.size() && intervals.get(neighbor).isWait()) {
				return Objects.requireNonNull(intervals.get(neighbor).sampledCause());
			}
		}
		// A runnable thread that is neither on a CPU nor in a run queue is suspended.
		boolean suspended = intervals.get(index).sampledCause() == StallCause.COMPUTING
				&& !this.facts.concurrentCycle();
		return suspended ? StallCause.STARVED : StallCause.UNKNOWN;
	}

	private void attribute(StallCause cause, long nanos, Interval interval) {
		if (nanos > 0) {
			this.shares.merge(cause, nanos, Long::sum);
			this.stackNanos.computeIfAbsent(cause, (key) -> new IdentityHashMap<>())
				.merge(interval.frames(), nanos, Long::sum);
		}
	}

	/**
	 * Attribute to starvation the time of collections that exceeds the CPU time of the
	 * collectors: they were starved of CPU like the rest of the process.
	 */
	private void attributeStarvedCollections() {
		reassign(StallCause.GC, StallCause.STARVED, share(StallCause.GC) - this.facts.collectorCpuNanos());
	}

	/**
	 * Attribute the time of a thread that sleeps in code that does not wait: the JVM
	 * makes it wait for memory during a concurrent collection, or the process is
	 * suspended. If the CPU time is not known, it may also have computed.
	 */
	private void attributeUnexplained() {
		if (this.facts.concurrentCycle() && this.facts.cpuKnown()) {
			reassign(StallCause.UNKNOWN, StallCause.GC, share(StallCause.UNKNOWN));
		}
		else {
			StallCause from = this.facts.cpuKnown() ? StallCause.UNKNOWN : StallCause.COMPUTING;
			long known = share(StallCause.GC) + share(StallCause.STARVED);
			reassign(from, StallCause.STARVED, Math.min(share(from), this.facts.pausedNanos() - known));
		}
	}

	private void reassign(StallCause from, StallCause to, long nanos) {
		if (nanos > 0) {
			this.shares.merge(from, -nanos, Long::sum);
			this.shares.merge(to, nanos, Long::sum);
			this.stackNanos.getOrDefault(from, Map.of())
				.forEach((frames, share) -> this.stackNanos.computeIfAbsent(to, (key) -> new IdentityHashMap<>())
					.merge(frames, share, Long::sum));
		}
	}

	private StallCause findCause() {
		Map<StallCause, Long> claims = new EnumMap<>(this.shares);
		if (cpuNanos() > this.facts.thresholdNanos()) {
			// Even with a dedicated CPU, the loop would have stalled, only for less time.
			boolean inSystemCalls = this.systemCallCpuNanos > share(StallCause.COMPUTING);
			claims.merge(inSystemCalls ? StallCause.BLOCKING_IO : StallCause.COMPUTING, share(StallCause.STARVED),
					Long::sum);
			claims.remove(StallCause.STARVED);
		}
		StallCause largest = claims.entrySet()
			.stream()
			.max(Map.Entry.<StallCause, Long>comparingByValue()
				.thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
			.map(Map.Entry::getKey)
			.orElse(StallCause.UNKNOWN);
		return (largest == StallCause.COMPUTING && isFlood()) ? StallCause.FLOOD : largest;
	}

	/**
	 * Tasks and requests are counted as they start. Events are counted only at the end of
	 * the iteration, and messages of a WebSocket not at all: for these, a culprit that
	 * accounts for most of the time is assumed to be one long call. Without a culprit,
	 * the number of messages is the reason, because a framework handles a single frame
	 * fast.
	 */
	private boolean isFlood() {
		List<SampledStack> stacks = stacks(StallCause.COMPUTING);
		if (isMostly(TlsHandshake::isIn, stacks)) {
			// Each handshake is long, regardless of how many there are.
			return false;
		}
		if (this.facts.tasksStarted() >= FEWEST_TASKS && this.facts.advancing()) {
			return true;
		}
		return (this.facts.events() >= FEWEST_TASKS || isReceivingMessages(stacks))
				&& new CulpritFinder(this.reader).of(stacks) == null;
	}

	private boolean isReceivingMessages(List<SampledStack> stacks) {
		return isOneChannel() && isMostly(WebSocketMessages::isIn, stacks);
	}

	/**
	 * Return whether the loop handled channels for most of the time, but only one was
	 * ready.
	 */
	private boolean isOneChannel() {
		return this.facts.events() == 1 && this.facts.ioNanos() > this.facts.nanos() / 2;
	}

	private static boolean isMostly(Predicate<StackTraceElement[]> kind, List<SampledStack> stacks) {
		long all = stacks.stream().mapToLong(SampledStack::nanos).sum();
		long some = stacks.stream().filter((stack) -> kind.test(stack.frames())).mapToLong(SampledStack::nanos).sum();
		return some > all / 2;
	}

	/**
	 * Return whether one connection kept the loop busy, such as with many HTTP/2 streams
	 * or WebSocket messages. Messages are not counted: if a line accounts for most of the
	 * time, there may have been only one.
	 * @return whether it did; {@code false} while that is not known
	 */
	public boolean isOfOneConnection() {
		return switch (this.cause) {
			case FLOOD -> isOneChannel();
			case COMPUTING -> isReceivingMessages(stacks());
			default -> false;
		};
	}

	/**
	 * Return whether most of the starvation was time in a run queue. A suspended process
	 * is in no run queue, and the queues of the collector's threads are not measured.
	 * @return whether it was, or may have been
	 */
	public boolean isQueued() {
		long queued = 0;
		for (Interval interval : this.facts.intervals()) {
			if (interval.queuedNanos() < 0) {
				return true;
			}
			queued += interval.queuedNanos();
		}
		return queued >= share(StallCause.STARVED) / 2 || share(StallCause.GC) > 0;
	}

	/**
	 * Return the cause.
	 * @return what accounts for most of the time
	 */
	public StallCause cause() {
		return this.cause;
	}

	/**
	 * Return the CPU time of the stall, including that of system calls: copying a file
	 * from the page cache uses the CPU, although the cause is I/O.
	 * @return the time in nanoseconds
	 */
	public long cpuNanos() {
		return share(StallCause.COMPUTING) + this.systemCallCpuNanos;
	}

	/**
	 * Return the part of the stall that is attributed to a cause.
	 * @param cause the cause; not {@link StallCause#FLOOD}
	 * @return the time in nanoseconds
	 */
	public long share(StallCause cause) {
		return this.shares.getOrDefault(cause, 0L);
	}

	/**
	 * Return the stacks that show the cause of the stall, each with the time that it
	 * accounts for.
	 * @return the stacks, longest time first
	 */
	public List<SampledStack> stacks() {
		return stacks(this.cause);
	}

	private List<SampledStack> stacks(StallCause cause) {
		StallCause share = switch (cause) {
			case FLOOD, STARVED -> StallCause.COMPUTING;
			default -> cause;
		};
		Map<StackTraceElement[], Long> weights = weights(share);
		List<SampledStack> stacks = new ArrayList<>();
		weights.forEach((frames, nanos) -> stacks.add(new SampledStack(share, frames, 1, nanos)));
		stacks.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return stacks;
	}

	private Map<StackTraceElement[], Long> weights(StallCause cause) {
		// Samples that show another state are only a fallback.
		IdentityHashMap<StackTraceElement[], Long> matching = new IdentityHashMap<>();
		IdentityHashMap<StackTraceElement[], Long> attributed = new IdentityHashMap<>();
		IdentityHashMap<StackTraceElement[], Long> all = new IdentityHashMap<>();
		Map<StackTraceElement[], Long> nanosByStack = this.stackNanos.getOrDefault(cause, Map.of());
		for (Interval interval : this.facts.intervals()) {
			if (interval.sampledCause() != null) {
				all.merge(interval.frames(), interval.nanos(), Long::sum);
				Long nanos = nanosByStack.get(interval.frames());
				if (nanos != null) {
					attributed.put(interval.frames(), nanos);
					if (interval.sampledCause() == cause || (cause == StallCause.GC && !interval.isWait())) {
						matching.put(interval.frames(), nanos);
					}
				}
			}
		}
		return !matching.isEmpty() ? matching : !attributed.isEmpty() ? attributed : all;
	}

	/**
	 * Return the owner of the lock that the thread waited for, where it was for most of
	 * that time, or {@code null} if no thread held the lock for most of the wait.
	 */
	public @Nullable LockOwner lockOwner() {
		Map<String, Long> held = new HashMap<>();
		Map<LockOwner, Long> places = new HashMap<>();
		long waiting = 0;
		for (Interval interval : this.facts.intervals()) {
			if (interval.sampledCause() == this.cause) {
				waiting += interval.nanos();
				LockOwner owner = interval.lockOwner();
				if (owner != null) {
					held.merge(owner.threadName(), interval.nanos(), Long::sum);
					places.merge(owner, interval.nanos(), Long::sum);
				}
			}
		}
		long half = waiting / 2;
		// One that has just released the lock may be anywhere, or end and have no line.
		return places.keySet()
			.stream()
			.filter((owner) -> held.getOrDefault(owner.threadName(), 0L) > half)
			.max(Comparator.comparing((LockOwner owner) -> owner.at() != null).thenComparing(places::get))
			.orElse(null);
	}

}
