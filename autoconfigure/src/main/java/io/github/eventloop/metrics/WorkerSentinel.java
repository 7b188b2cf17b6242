package io.github.eventloop.metrics;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Hands one task at a time to a scheduler, and tells how long it waited for a thread.
 * <p>
 * Threading: {@link #send()} is called by the monitor's thread, the task runs on the
 * scheduler's, and {@link #waitingNanos()} may be called by any.
 */
final class WorkerSentinel {

	/**
	 * A task that waits longer may have been given to a thread that never comes back,
	 * while others do.
	 */
	static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	/** Asked each time: Reactor's own schedulers can be replaced. */
	private final Supplier<Scheduler> scheduler;

	private final LongConsumer waits;

	/**
	 * The creator's: a scheduler's thread that a task starts takes over the context class
	 * loader for the tasks of the application, and the monitor's thread has another.
	 */
	private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

	/** The task that waits, if any. It belongs to whoever takes it out. */
	private final AtomicReference<@Nullable Task> waiting = new AtomicReference<>();

	/**
	 * Create a sentinel.
	 * @param scheduler the scheduler
	 * @param waits is told of each wait in nanoseconds, by the thread that was waited for
	 * or by the one that gave up
	 */
	WorkerSentinel(Supplier<Scheduler> scheduler, LongConsumer waits) {
		this.scheduler = scheduler;
		this.waits = waits;
	}

	/**
	 * Hand over a task, unless one is waiting. One that the scheduler had no room for
	 * waits all the same, and is handed over now.
	 */
	void send() {
		Task task = this.waiting.get();
		if (task != null && task.ageNanos() >= LONGEST_WAIT.toNanos()) {
			take(task);
			task.cancel();
			task = null;
		}
		if (task == null) {
			task = new Task();
			this.waiting.set(task);
		}
		if (task.handedOver == null) {
			handOver(task);
		}
	}

	private void handOver(Task task) {
		Scheduler scheduler = this.scheduler.get();
		Thread current = Thread.currentThread();
		ClassLoader own = current.getContextClassLoader();
		current.setContextClassLoader(this.loader);
		try {
			task.handedOver = scheduler.schedule(() -> take(task));
		}
		catch (RejectedExecutionException ex) {
			if (scheduler.isDisposed()) {
				this.waiting.set(null);
			}
		}
		finally {
			current.setContextClassLoader(own);
		}
	}

	private void take(Task task) {
		long nanos = task.ageNanos();
		if (this.waiting.compareAndSet(task, null)) {
			this.waits.accept(nanos);
		}
	}

	/**
	 * Return for how long the task has been waiting that waits.
	 * @return the time in nanoseconds, 0 if none waits
	 */
	long waitingNanos() {
		Task task = this.waiting.get();
		return (task != null) ? task.ageNanos() : 0;
	}

	/** Take back the task that waits. Not to be called while one may be sent. */
	void cancel() {
		Task task = this.waiting.getAndSet(null);
		if (task != null) {
			task.cancel();
		}
	}

	/**
	 * What is handed over.
	 */
	private static final class Task {

		private final long since = System.nanoTime();

		/**
		 * Volatile: set by the monitor's thread, and used once more by whoever closes.
		 */
		private volatile @Nullable Disposable handedOver;

		long ageNanos() {
			return System.nanoTime() - this.since;
		}

		void cancel() {
			Disposable task = this.handedOver;
			if (task != null) {
				task.dispose();
			}
		}

	}

}
