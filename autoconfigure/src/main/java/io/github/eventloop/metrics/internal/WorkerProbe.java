package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Measures how long a task waits for a thread of a scheduler, by submitting one task at a
 * time.
 * <p>
 * Threading: {@link #send()} is called by the monitor thread, the task runs on a thread
 * of the scheduler, and {@link #waitingNanos()} may be called by any thread.
 */
final class WorkerProbe {

	/**
	 * Longest recorded wait: a task that waits longer may have been assigned to a thread
	 * that is blocked forever, while others work.
	 */
	static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	/** Called each time, since Reactor's shared schedulers can be replaced. */
	private final Supplier<Scheduler> scheduler;

	private final LongConsumer listener;

	/**
	 * The context class loader of the creating thread. A worker that is started by a task
	 * inherits the context class loader of the submitting thread for the tasks of the
	 * application, and the monitor thread has a different one.
	 */
	private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

	/** The waiting task, if any. Only the thread that removes it may record its wait. */
	private final AtomicReference<@Nullable Task> waiting = new AtomicReference<>();

	/**
	 * Create a probe of a scheduler.
	 * @param scheduler the scheduler
	 * @param listener receives each wait in nanoseconds, on the thread that runs the task
	 * or on the monitor thread after a timeout
	 */
	WorkerProbe(Supplier<Scheduler> scheduler, LongConsumer listener) {
		this.scheduler = scheduler;
		this.listener = listener;
	}

	/**
	 * Submit a task, unless one is waiting. A task that the scheduler has rejected
	 * because its queue was full also counts as waiting, and is submitted again.
	 */
	void send() {
		Task task = this.waiting.get();
		if (task != null && task.ageNanos() >= LONGEST_WAIT.toNanos()) {
			complete(task);
			task.cancel();
			task = null;
		}
		if (task == null) {
			task = new Task();
			this.waiting.set(task);
		}
		if (task.submitted == null) {
			submit(task);
		}
	}

	private void submit(Task task) {
		Scheduler scheduler = this.scheduler.get();
		Thread current = Thread.currentThread();
		ClassLoader previous = current.getContextClassLoader();
		current.setContextClassLoader(this.loader);
		try {
			task.submitted = scheduler.schedule(() -> complete(task));
		}
		catch (RejectedExecutionException ex) {
			if (scheduler.isDisposed()) {
				this.waiting.set(null);
			}
		}
		finally {
			current.setContextClassLoader(previous);
		}
	}

	private void complete(Task task) {
		long nanos = task.ageNanos();
		if (this.waiting.compareAndSet(task, null)) {
			this.listener.accept(nanos);
		}
	}

	/**
	 * Return how long the waiting task has been waiting.
	 * @return the time in nanoseconds, 0 if no task is waiting
	 */
	long waitingNanos() {
		Task task = this.waiting.get();
		return (task != null) ? task.ageNanos() : 0;
	}

	/** Cancel the waiting task. A concurrent {@link #send()} may still submit one. */
	void cancel() {
		Task task = this.waiting.getAndSet(null);
		if (task != null) {
			task.cancel();
		}
	}

	/**
	 * A submitted task.
	 */
	private static final class Task {

		private final long since = System.nanoTime();

		/**
		 * Volatile: set by the monitor thread, and read by the thread that closes the
		 * metrics.
		 */
		private volatile @Nullable Disposable submitted;

		long ageNanos() {
			return System.nanoTime() - this.since;
		}

		void cancel() {
			Disposable task = this.submitted;
			if (task != null) {
				task.dispose();
			}
		}

	}

}
