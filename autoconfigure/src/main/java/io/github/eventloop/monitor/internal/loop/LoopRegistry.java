package io.github.eventloop.monitor.internal.loop;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;
import io.github.eventloop.monitor.internal.recorder.RecordedView;
import io.github.eventloop.monitor.internal.thread.ThreadCpuClock;

/**
 * Registry of the monitored loops and their sources. Creates an entry for each loop that
 * a source lists, and removes it when no source lists the loop any more.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link EventLoopMonitor}.
 */
public final class LoopRegistry {

	private final MonitorSettings settings;

	private final LongSupplier clock;

	private final SecondColumns columns;

	private final Consumer<LoopEntry> removals;

	private final Consumer<Throwable> failures;

	private final ThreadCpuClock cpuClock = new ThreadCpuClock();

	/** Scratch space of all loops. */
	private final int[] counts = new int[DurationBuckets.COUNT];

	/** Copied on write, because a source may add another one while it is iterated. */
	private final List<IsolatedSource> sources = new CopyOnWriteArrayList<>();

	private IdentityHashMap<MonitoredLoop, LoopEntry> entries = new IdentityHashMap<>();

	/** The entries in the order of their sources. Replaced when the loops change. */
	private List<LoopEntry> order = List.of();

	/** Their views. Replaced with them. */
	private List<RecordedView> views = List.of();

	private long lastSync;

	/**
	 * Create an empty registry.
	 * @param settings the settings of the monitor
	 * @param clock the clock, in nanoseconds
	 * @param columns the history of all loops, which new loops join
	 * @param removals receives each entry before it is removed
	 * @param failures receives the exceptions and errors of sources and loops
	 */
	public LoopRegistry(MonitorSettings settings, LongSupplier clock, SecondColumns columns,
			Consumer<LoopEntry> removals, Consumer<Throwable> failures) {
		this.settings = settings;
		this.clock = clock;
		this.columns = columns;
		this.removals = removals;
		this.failures = failures;
		this.lastSync = clock.getAsLong();
	}

	/**
	 * Add a source, unless it has been added already. Its loops are added by the next
	 * {@link #sync()}.
	 * @param source the source
	 */
	public void addSource(LoopSource source) {
		for (IsolatedSource known : this.sources) {
			if (known.is(source)) {
				return;
			}
		}
		this.sources.add(new IsolatedSource(source, this.failures));
	}

	/**
	 * Return the entries as of the last {@link #sync()}.
	 * @return the entries in the order of their sources: an immutable list, and the same
	 * one until a loop is added or removed
	 */
	public List<LoopEntry> entries() {
		return this.order;
	}

	/**
	 * Return the views of the {@link #entries()}.
	 * @return the views: an immutable list, and the same one as long as the entries are
	 */
	public List<RecordedView> views() {
		return this.views;
	}

	/**
	 * Add the loops that the sources list and the registry does not, and remove those
	 * that are terminated or that no source lists.
	 */
	public void sync() {
		long now = this.clock.getAsLong();
		if (isOrderOfSources()) {
			this.lastSync = now;
			return;
		}
		IdentityHashMap<MonitoredLoop, LoopEntry> present = new IdentityHashMap<>();
		List<LoopEntry> ordered = new ArrayList<>();
		for (IsolatedSource source : this.sources) {
			for (MonitoredLoop loop : source.loops()) {
				LoopEntry entry = present.containsKey(loop) ? null : entryFor(loop);
				if (entry != null && !entry.loop().isTerminated()) {
					present.put(loop, entry);
					ordered.add(entry);
				}
			}
		}
		this.sources.removeIf(IsolatedSource::isExhausted);
		this.lastSync = now;
		if (ordered.equals(this.order)) {
			return;
		}
		for (LoopEntry entry : this.order) {
			if (!present.containsKey(entry.loop().loop())) {
				this.removals.accept(entry);
			}
		}
		List<RecordedView> orderedViews = new ArrayList<>();
		for (LoopEntry entry : ordered) {
			orderedViews.add(entry.loop().view());
		}
		this.entries = present;
		this.order = List.copyOf(ordered);
		this.views = List.copyOf(orderedViews);
	}

	/**
	 * Return whether the sources still list the monitored loops in the same order, which
	 * is the common case.
	 */
	private boolean isOrderOfSources() {
		int next = 0;
		for (IsolatedSource source : this.sources) {
			if (source.isExhausted()) {
				return false;
			}
			for (MonitoredLoop loop : source.loops()) {
				if (next == this.order.size() || !this.order.get(next).loop().is(loop)
						|| this.order.get(next).loop().isTerminated()) {
					return false;
				}
				next++;
			}
		}
		return next == this.order.size();
	}

	private @Nullable LoopEntry entryFor(MonitoredLoop loop) {
		LoopEntry known = this.entries.get(loop);
		try {
			return (known != null) ? known : newEntry(loop);
		}
		catch (Throwable ex) {
			this.failures.accept(ex);
			return null;
		}
	}

	private LoopEntry newEntry(MonitoredLoop loop) {
		IsolatedLoop isolated = new IsolatedLoop(loop, this.failures);
		// A loop created after the last poll has done nothing that was missed.
		boolean created = isolated.view().createdAt() - this.lastSync >= 0;
		LoopHistory history = new LoopHistory(isolated, this.settings, this.cpuClock, this.counts, created);
		return new LoopEntry(isolated, history, new LoopColumns(this.columns.capacity(), this.columns.seconds()));
	}

}
