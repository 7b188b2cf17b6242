package io.github.eventloop.stall;

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

/**
 * Finds the cause of a stall: what most of its time went into. Each {@link Interval} is
 * divided by evidence, the strongest first: collections, as the collectors report them;
 * CPU time; time in a run queue; and only what is left goes to what the sample shows.
 * <p>
 * Immutable once created.
 */
final class Diagnosis {

	/** Where a CPU is free, the first sample comes sooner. */
	private static final long LATEST_FIRST_SAMPLE_NANOS = 20_000_000;

	/** Fewer tasks or events than this are no flood, however short. */
	static final int FEWEST_STEPS = 16;

	private final StallFacts facts;

	private final StackReader reader;

	private final Map<StallCause, Long> shares = new EnumMap<>(StallCause.class);

	/** The part of each share that each stack stands for. */
	private final Map<StallCause, Map<StackTraceElement[], Long>> evidence = new EnumMap<>(StallCause.class);

	/** Whether system calls are what the thread mostly was seen in while it ran. */
	private final boolean mostlyInCalls;

	/** The CPU time of these calls, part of the share of I/O. */
	private long callCpuNanos;

	private final StallCause cause;

	Diagnosis(StallFacts facts, StackReader reader) {
		this.facts = facts;
		this.reader = reader;
		this.mostlyInCalls = samples(StallCause.BLOCKING_IO) > samples(StallCause.COMPUTING);
		for (int i = 0; i < facts.intervals().size(); i++) {
			divide(i);
		}
		stretchCollections();
		explain();
		this.cause = findCause();
	}

	private void divide(int index) {
		Interval interval = this.facts.intervals().get(index);
		long left = interval.nanos();
		long collecting = Math.min(left, this.facts.collecting().applyAsLong(interval.from(), interval.to()));
		left -= collecting;
		long computing = Math.min(left, computing(interval));
		left -= computing;
		long starved = Math.min(left, starved(interval, left));
		left -= starved;
		boolean calling = this.mostlyInCalls && interval.seen() == StallCause.BLOCKING_IO;
		this.callCpuNanos += calling ? computing : 0;
		give(StallCause.GC, collecting, interval);
		give(calling ? StallCause.BLOCKING_IO : StallCause.COMPUTING, computing, interval);
		give(StallCause.STARVED, starved, interval);
		give(interval.isWait() ? Objects.requireNonNull(interval.seen()) : unexplained(index), left, interval);
	}

	private long samples(StallCause seen) {
		return this.facts.intervals().stream().filter((interval) -> interval.seen() == seen).count();
	}

	/**
	 * A thread that was seen to run may have run all the time, one that was seen to wait
	 * only for as long as it certainly did.
	 */
	private static long computing(Interval interval) {
		return (interval.seen() == StallCause.COMPUTING) ? interval.mostCpuNanos() : interval.leastCpuNanos();
	}

	private long starved(Interval interval, long left) {
		if (interval.queuedNanos() >= 0) {
			return interval.queuedNanos();
		}
		boolean late = interval.seen() == null
				&& interval.nanos() - this.facts.thresholdNanos() > LATEST_FIRST_SAMPLE_NANOS;
		return (late || interval.seen() == StallCause.COMPUTING) ? left : 0;
	}

	/**
	 * Return what the time went into that neither CPU nor queue nor sample explain. A
	 * sample that shows nothing to wait for, next to one that does, has caught the thread
	 * at a safepoint or between two calls.
	 */
	private StallCause unexplained(int index) {
		List<Interval> intervals = this.facts.intervals();
		for (int beside : new int[] { index - 1, index + 1 }) {
			if (beside >= 0 && beside < intervals.size() && intervals.get(beside).isWait()) {
				return Objects.requireNonNull(intervals.get(beside).seen());
			}
		}
		// A thread that runs and neither gets a CPU nor waits for one is suspended.
		boolean suspended = intervals.get(index).seen() == StallCause.COMPUTING && !this.facts.cyclesConcurrently();
		return suspended ? StallCause.STARVED : StallCause.UNKNOWN;
	}

	private void give(StallCause cause, long nanos, Interval interval) {
		if (nanos > 0) {
			this.shares.merge(cause, nanos, Long::sum);
			this.evidence.computeIfAbsent(cause, (key) -> new IdentityHashMap<>())
				.merge(interval.frames(), nanos, Long::sum);
		}
	}

	/**
	 * A collection that had less CPU time than it took was kept from its work by whatever
	 * kept the CPUs from the process.
	 */
	private void stretchCollections() {
		move(StallCause.GC, StallCause.STARVED, share(StallCause.GC) - this.facts.collectorCpuNanos());
	}

	/**
	 * Where a thread sleeps although nothing that it does waits, the JVM makes it wait:
	 * for memory while a collector works beside it, or because the process is suspended.
	 */
	private void explain() {
		if (this.facts.cyclesConcurrently()) {
			move(StallCause.UNKNOWN, StallCause.GC, share(StallCause.UNKNOWN));
		}
		else {
			StallCause from = this.facts.cpuKnown() ? StallCause.UNKNOWN : StallCause.COMPUTING;
			long known = share(StallCause.GC) + share(StallCause.STARVED);
			move(from, StallCause.STARVED, Math.min(share(from), this.facts.pausedNanos() - known));
		}
	}

	private void move(StallCause from, StallCause to, long nanos) {
		if (nanos > 0) {
			this.shares.merge(from, -nanos, Long::sum);
			this.shares.merge(to, nanos, Long::sum);
			this.evidence.getOrDefault(from, Map.of())
				.forEach((frames, share) -> this.evidence.computeIfAbsent(to, (key) -> new IdentityHashMap<>())
					.merge(frames, share, Long::sum));
		}
	}

	private StallCause findCause() {
		Map<StallCause, Long> claims = new EnumMap<>(this.shares);
		if (cpuNanos() > this.facts.thresholdNanos()) {
			// It would have stalled the loop with a CPU of its own, only not for so long.
			boolean calls = this.callCpuNanos > share(StallCause.COMPUTING);
			claims.merge(calls ? StallCause.BLOCKING_IO : StallCause.COMPUTING, share(StallCause.STARVED), Long::sum);
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
	 * Tasks and requests are seen to begin one after the other. Events are only counted
	 * when they are all done, and messages of a WebSocket not at all: there, a culprit
	 * that most of the time went into is taken for one that took long. Without one, it is
	 * the number of messages, for a single frame is too short to keep a framework busy.
	 */
	private boolean isFlood() {
		List<SampledStack> witnesses = witnesses(StallCause.COMPUTING);
		if (isMostly(TlsHandshake::isIn, witnesses)) {
			// However many there are, each of them is long.
			return false;
		}
		if (this.facts.steps() >= FEWEST_STEPS && this.facts.moving()) {
			return true;
		}
		return (this.facts.events() >= FEWEST_STEPS || isReceivingMessages(witnesses))
				&& new Blame(this.reader).of(witnesses) == null;
	}

	private boolean isReceivingMessages(List<SampledStack> witnesses) {
		return isOneChannel() && isMostly(WebSocketMessages::isIn, witnesses);
	}

	/**
	 * Return whether the loop was handling channels for most of the time, but only one
	 * was ready.
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
	 * Return whether one connection kept the loop busy with many things, as streams of
	 * HTTP/2 or messages of a WebSocket do. These messages are not counted: where a line
	 * stands for most of the time, it may have been a single one.
	 * @return whether it did; {@code false} while that is not known
	 */
	boolean isOfOneConnection() {
		return switch (this.cause) {
			case FLOOD -> isOneChannel();
			case COMPUTING -> isReceivingMessages(witnesses());
			default -> false;
		};
	}

	/**
	 * Return whether a thread in a run queue was most of the starvation. A process that
	 * is suspended is in none, nor does the loop see the queues of the collector.
	 * @return whether it was, or may have been
	 */
	boolean isQueued() {
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
	 * @return what most of the time went into
	 */
	StallCause cause() {
		return this.cause;
	}

	/**
	 * Return the CPU time of the stall, that of system calls included: to copy a file
	 * from the page cache is work of the CPU, but what the line asked for is I/O.
	 * @return the time in nanoseconds
	 */
	long cpuNanos() {
		return share(StallCause.COMPUTING) + this.callCpuNanos;
	}

	/**
	 * Return the part of the stall that went into something.
	 * @param cause what it went into; not {@link StallCause#FLOOD}
	 * @return the time in nanoseconds
	 */
	long share(StallCause cause) {
		return this.shares.getOrDefault(cause, 0L);
	}

	/**
	 * Return the stacks that show how the stall came to its cause, each with the time
	 * that it stands for as evidence.
	 * @return the stacks, those that stand for the most time first
	 */
	List<SampledStack> witnesses() {
		return witnesses(this.cause);
	}

	private List<SampledStack> witnesses(StallCause cause) {
		StallCause share = switch (cause) {
			case FLOOD, STARVED -> StallCause.COMPUTING;
			default -> cause;
		};
		Map<StackTraceElement[], Long> weights = weights(share);
		List<SampledStack> witnesses = new ArrayList<>();
		weights.forEach((frames, nanos) -> witnesses.add(new SampledStack(share, frames, 1, nanos)));
		witnesses.sort(Comparator.comparingLong(SampledStack::nanos).reversed());
		return witnesses;
	}

	private Map<StackTraceElement[], Long> weights(StallCause cause) {
		// A sample that was taken while the thread did something else says little about
		// it, but more than nothing.
		IdentityHashMap<StackTraceElement[], Long> typical = new IdentityHashMap<>();
		IdentityHashMap<StackTraceElement[], Long> shared = new IdentityHashMap<>();
		IdentityHashMap<StackTraceElement[], Long> all = new IdentityHashMap<>();
		Map<StackTraceElement[], Long> known = this.evidence.getOrDefault(cause, Map.of());
		for (Interval interval : this.facts.intervals()) {
			if (interval.seen() != null) {
				all.merge(interval.frames(), interval.nanos(), Long::sum);
				Long nanos = known.get(interval.frames());
				if (nanos != null) {
					shared.put(interval.frames(), nanos);
					if (interval.seen() == cause || (cause == StallCause.GC && !interval.isWait())) {
						typical.put(interval.frames(), nanos);
					}
				}
			}
		}
		return !typical.isEmpty() ? typical : !shared.isEmpty() ? shared : all;
	}

	/**
	 * Return the owner of the lock that the thread waited for.
	 * @return the owner, or {@code null} unless one thread held the lock for most of the
	 * wait
	 */
	@Nullable LockOwner lockOwner() {
		Map<String, Long> held = new HashMap<>();
		Map<String, LockOwner> owners = new HashMap<>();
		long waiting = 0;
		for (Interval interval : this.facts.intervals()) {
			if (interval.seen() == this.cause) {
				waiting += interval.nanos();
				LockOwner owner = interval.lockOwner();
				if (owner != null) {
					held.merge(owner.threadName(), interval.nanos(), Long::sum);
					// An owner that was just about to end has no line any more.
					owners.merge(owner.threadName(), owner, (known, newer) -> (newer.at() != null) ? newer : known);
				}
			}
		}
		long most = waiting / 2;
		return held.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() > most)
			.findFirst()
			.map((entry) -> owners.get(entry.getKey()))
			.orElse(null);
	}

}
