package io.github.eventloop.stall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.stall.internal.sample.Sample;
import io.github.eventloop.stall.internal.sample.ThreadSampler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the lock owners that {@link ThreadSampler} finds for threads that wait.
 */
class LockOwnerTests {

	private static final Object MONITOR = new Object();

	private static final ReentrantLock LOCK = new ReentrantLock();

	private static final Condition CONDITION = LOCK.newCondition();

	private static final ReentrantReadWriteLock WRITTEN = new ReentrantReadWriteLock();

	private final ThreadSampler sampler = new ThreadSampler(new StackReader(List.of("io.github.eventloop.stall")));

	private final List<Thread> threads = new ArrayList<>();

	@AfterEach
	void stopThreads() throws InterruptedException {
		this.threads.forEach(Thread::interrupt);
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	@ParameterizedTest
	@MethodSource("notifications")
	void whenAThreadWaitsToBeNotifiedShouldNotNameTheThreadThatHoldsTheLock(Wait wait) {
		Thread thread = start(wait);
		awaitParked(thread);
		synchronized (MONITOR) {
			LOCK.lock();
			try {
				assertThat(sample(thread)).extracting(Sample::cause, Sample::lockOwner)
					.containsExactly(StallCause.WAITING, null);
			}
			finally {
				LOCK.unlock();
			}
		}
	}

	@SuppressWarnings("WaitNotInLoop") // interrupted at the end of the test
	static Stream<Named<Wait>> notifications() {
		return Stream.of(Named.of("Object.wait", () -> {
			synchronized (MONITOR) {
				MONITOR.wait();
			}
		}), Named.of("Object.wait with time-out", () -> {
			synchronized (MONITOR) {
				MONITOR.wait(TimeUnit.HOURS.toMillis(1));
			}
		}), Named.of("Condition.await", () -> whileLocked(CONDITION::await)),
				Named.of("Condition.await with time-out", () -> whileLocked(() -> CONDITION.await(1, TimeUnit.HOURS))));
	}

	private static void whileLocked(Wait wait) throws Exception {
		LOCK.lock();
		try {
			wait.run();
		}
		finally {
			LOCK.unlock();
		}
	}

	@ParameterizedTest
	@MethodSource("waitsWithoutAnOwner")
	void whenWaitHasNoOwnerShouldNameNone(Wait wait) {
		Thread thread = start(wait);
		awaitParked(thread);
		assertThat(sample(thread)).extracting(Sample::cause, Sample::lockOwner)
			.containsExactly(StallCause.WAITING, null);
	}

	static Stream<Named<Wait>> waitsWithoutAnOwner() {
		ReentrantReadWriteLock read = new ReentrantReadWriteLock();
		read.readLock().lock();
		StampedLock stamped = new StampedLock();
		stamped.writeLock();
		return Stream.of(Named.of("Semaphore.acquire", new Semaphore(0)::acquire),
				Named.of("CountDownLatch.await", new CountDownLatch(1)::await),
				Named.of("CompletableFuture.get", new CompletableFuture<>()::get),
				Named.of("CompletableFuture.get with time-out", () -> new CompletableFuture<>().get(1, TimeUnit.HOURS)),
				Named.of("SynchronousQueue.take", new SynchronousQueue<>()::take),
				Named.of("LinkedBlockingQueue.take", new LinkedBlockingQueue<>()::take),
				Named.of("WriteLock.lock while a thread reads", read.writeLock()::lockInterruptibly),
				Named.of("StampedLock.writeLock", stamped::writeLockInterruptibly),
				Named.of("LockSupport.park", () -> LockSupport.park(MONITOR)));
	}

	@ParameterizedTest
	@MethodSource("waitsForAnOwner")
	void whenWaitHasAnOwnerShouldNameIt(Wait wait) {
		synchronized (MONITOR) {
			LOCK.lock();
			WRITTEN.writeLock().lock();
			try {
				Thread thread = start(wait);
				await().untilAsserted(
						() -> assertThat(ownerIn(sample(thread))).isEqualTo(Thread.currentThread().getName()));
			}
			finally {
				WRITTEN.writeLock().unlock();
				LOCK.unlock();
			}
		}
	}

	@SuppressWarnings("LockNotBeforeTry") // nothing in between can throw
	static Stream<Named<Wait>> waitsForAnOwner() {
		return Stream.of(Named.of("synchronized", () -> {
			synchronized (MONITOR) {
				Thread.onSpinWait();
			}
		}), Named.of("ReentrantLock.lock", () -> {
			LOCK.lock();
			LOCK.unlock();
		}), Named.of("ReentrantLock.lockInterruptibly", () -> {
			LOCK.lockInterruptibly();
			LOCK.unlock();
		}), Named.of("ReentrantLock.tryLock", () -> {
			assertThat(LOCK.tryLock(1, TimeUnit.HOURS)).isTrue();
			LOCK.unlock();
		}), Named.of("WriteLock.lock", () -> {
			WRITTEN.writeLock().lock();
			WRITTEN.writeLock().unlock();
		}), Named.of("ReadLock.lock while a thread writes", () -> {
			WRITTEN.readLock().lock();
			WRITTEN.readLock().unlock();
		}));
	}

	@ParameterizedTest
	@CsvSource({ "4, 0, first", "4, 3, first", "3, 4, second", "1, 5, second", "3, 3," })
	void whenLockOwnerChangesShouldNameTheOneOfMostSamples(int samplesOfFirst, int samplesOfSecond,
			@Nullable String named) {
		ReentrantLock lock = new ReentrantLock();
		CountDownLatch first = new CountDownLatch(1);
		start("first", () -> hold(lock, first));
		await().until(lock::isLocked);
		Thread second = start("second", () -> hold(lock, new CountDownLatch(1)));
		await().until(() -> lock.hasQueuedThread(second));
		Thread waiting = start("waiting", lock::lockInterruptibly);
		awaitParked(waiting);
		StallScenario stall = new StallScenario();
		sample(waiting, samplesOfFirst, stall);
		first.countDown();
		await().until(() -> lock.isLocked() && !lock.hasQueuedThread(second));
		sample(waiting, samplesOfSecond, stall);
		LockOwner owner = stall.diagnose().lockOwner();
		assertThat((owner != null) ? owner.threadName() : null).isEqualTo(named);
	}

	private static void hold(ReentrantLock lock, CountDownLatch release) throws InterruptedException {
		lock.lockInterruptibly();
		try {
			release.await();
		}
		finally {
			lock.unlock();
		}
	}

	private void sample(Thread waiting, int times, StallScenario stall) {
		for (int i = 0; i < times; i++) {
			Sample sample = sample(waiting);
			stall.sample(sample.cause(), 20, 0, 0, 0, sample.lockOwner(), "com.acme.Prices.sum:42");
		}
	}

	private Thread start(Wait wait) {
		return start("waiting", wait);
	}

	private Thread start(String name, Wait wait) {
		Thread thread = new Thread(() -> {
			try {
				wait.run();
			}
			catch (Exception ex) {
				// Interrupted at the end of the test.
			}
		}, name);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	private Sample sample(Thread thread) {
		return this.sampler.sample(List.of(new ThreadSampler.Target(thread, -1))).get(thread);
	}

	private static @Nullable String ownerIn(@Nullable Sample sample) {
		LockOwner owner = (sample != null) ? sample.lockOwner() : null;
		return (owner != null) ? owner.threadName() : null;
	}

	private static void awaitParked(Thread thread) {
		await().until(() -> {
			StackTraceElement[] stack = thread.getStackTrace();
			return stack.length > 0
					&& (stack[0].getMethodName().equals("park") || stack[0].getMethodName().startsWith("wait"));
		});
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInSameThread();
	}

	/**
	 * An operation that waits.
	 */
	interface Wait {

		void run() throws Exception;

	}

}
