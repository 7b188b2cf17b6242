package io.github.eventloop.stall.internal.sample;

import java.lang.Thread.State;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.netty.VirtualThread;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.ThreadDumps;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadSampler} and {@link OsThreadState}.
 */
class ThreadSamplerTests {

	private final ThreadSampler sampler = new ThreadSampler(new StackReader(List.of("io.github.eventloop.stall")));

	@ParameterizedTest
	@CsvSource({ "BLOCKED, SLEEPING, com.acme.Shop.load, false, LOCK",
			"TIMED_WAITING, SLEEPING, java.lang.Thread.sleep, true, SLEEPING",
			"TIMED_WAITING, SLEEPING, java.lang.Thread.sleepNanos0, true, SLEEPING",
			"WAITING, SLEEPING, jdk.internal.misc.Unsafe.park, true, WAITING",
			"WAITING, SLEEPING, java.lang.Object.wait, true, WAITING",
			"RUNNABLE, RUNNING, com.acme.Shop.load, false, COMPUTING",
			"RUNNABLE, UNKNOWN, com.acme.Shop.load, false, COMPUTING",
			"RUNNABLE, SLEEPING, com.acme.Shop.load, false, UNKNOWN",
			"RUNNABLE, DISK, com.acme.Shop.load, false, BLOCKING_IO",
			"RUNNABLE, SLEEPING, java.net.Inet6AddressImpl.lookupAllHostAddr, true, BLOCKING_IO",
			"RUNNABLE, RUNNING, java.io.FileInputStream.readBytes, true, BLOCKING_IO",
			"RUNNABLE, UNKNOWN, sun.nio.ch.Net.poll, true, BLOCKING_IO",
			"RUNNABLE, SLEEPING, java.lang.ProcessImpl.forkAndExec, true, BLOCKING_IO",
			"RUNNABLE, SLEEPING, org.sqlite.core.NativeDB.step, true, BLOCKING_IO",
			"RUNNABLE, RUNNING, org.sqlite.core.NativeDB.step, true, COMPUTING",
			"RUNNABLE, SLEEPING, java.lang.String.intern, true, UNKNOWN",
			"RUNNABLE, SLEEPING, java.lang.Runtime.gc, true, UNKNOWN",
			"RUNNABLE, SLEEPING, io.netty.channel.epoll.Native.epollCtlAdd0, true, UNKNOWN",
			"RUNNABLE, SLEEPING, io.netty.channel.unix.Socket.send, true, UNKNOWN",
			"RUNNABLE, RUNNING, java.util.zip.Deflater.deflateBytesBytes, true, COMPUTING" })
	void shouldDetermineCause(State state, OsThreadState osState, String innermost, boolean isNative,
			StallCause cause) {
		int dot = innermost.lastIndexOf('.');
		StackTraceElement frame = new StackTraceElement(innermost.substring(0, dot), innermost.substring(dot + 1), null,
				isNative ? -2 : 1);
		assertThat(ThreadSampler.causeOf(state, new StackTraceElement[] { frame }, osState)).isEqualTo(cause);
	}

	@ParameterizedTest
	@CsvSource({ "SLEEPING, RUNNING, COMPUTING", "SLEEPING, SLEEPING, UNKNOWN", "RUNNING, SLEEPING, COMPUTING" })
	void whenJavaCodeSleepsShouldCheckAgainBecauseCollectionMayJustHaveEnded(OsThreadState first, OsThreadState second,
			StallCause cause) throws InterruptedException {
		AtomicBoolean stopped = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			while (!stopped.get()) {
				Thread.onSpinWait();
			}
		});
		thread.start();
		// Until it spins: a thread that starts may sleep in native code.
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> Stream.of(thread.getStackTrace())
				.anyMatch((frame) -> frame.getClassName().equals(ThreadSamplerTests.class.getName())));
		Iterator<OsThreadState> states = List.of(first, second).iterator();
		Sample sample = new ThreadSampler(new StackReader(List.of()), (id) -> states.next())
			.sample(List.of(new ThreadSampler.Target(thread, 17)))
			.get(thread);
		stopped.set(true);
		thread.join();
		assertThat(sample).isNotNull().extracting(Sample::cause).isEqualTo(cause);
	}

	@Test
	void whenThreadHasEndedShouldReturnNoSample() throws InterruptedException {
		Thread thread = new Thread(() -> {
		});
		thread.start();
		thread.join();
		assertThat(this.sampler.sample(List.of(new ThreadSampler.Target(thread, -1)))).isEmpty();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenVirtualThreadWaitsShouldDetermineCause() {
		CountDownLatch release = new CountDownLatch(1);
		Object lock = new Object();
		Thread sleeping = startVirtual(State.TIMED_WAITING, () -> sleep(60_000));
		Thread waiting = startVirtual(State.TIMED_WAITING, () -> await(release));
		Thread blocked;
		Map<Thread, Sample> samples;
		synchronized (lock) {
			blocked = startVirtual(State.BLOCKED, () -> {
				synchronized (lock) {
					Thread.onSpinWait();
				}
			});
			samples = this.sampler.sample(Stream.of(sleeping, waiting, blocked, Thread.currentThread())
				.map((thread) -> new ThreadSampler.Target(thread, -1))
				.toList());
		}
		release.countDown();
		sleeping.interrupt();
		assertThat(samples.get(sleeping).cause()).isEqualTo(StallCause.SLEEPING);
		assertThat(samples.get(waiting).cause()).isEqualTo(StallCause.WAITING);
		assertThat(samples.get(blocked).cause()).isEqualTo(StallCause.LOCK);
		assertThat(samples).as("and the platform thread").hasSize(4);
		assertThat(samples.values()).allSatisfy((sample) -> assertThat(sample.stack()).anyMatch(
				(frame) -> frame.getClassName().startsWith("io.github.eventloop.stall.internal.sample.ThreadSampler")));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenVirtualThreadIsRunnableShouldNotDetermineCause() throws InterruptedException {
		AtomicBoolean stopped = new AtomicBoolean();
		Thread spinning = startVirtual(State.RUNNABLE, () -> {
			while (!stopped.get()) {
				Thread.onSpinWait();
			}
		});
		List<ThreadSampler.Target> target = List.of(new ThreadSampler.Target(spinning, -1));
		Sample sample = this.sampler.sample(target).get(spinning);
		stopped.set(true);
		spinning.join();
		assertThat(sample.cause()).isEqualTo(StallCause.UNKNOWN);
		assertThat(this.sampler.sample(target)).as("ended").isEmpty();
	}

	private static Thread startVirtual(State state, Runnable task) {
		Thread thread = VirtualThread.factory().newThread(task);
		thread.start();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> thread.getState() == state);
		return thread;
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 7 })
	void shouldSampleAllThreadsInOneSafepoint(int number) {
		CountDownLatch release = new CountDownLatch(1);
		assertThat(safepointsToSample(number, State.TIMED_WAITING, () -> await(release))).isOne();
		release.countDown();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 7 })
	void whenThreadsWaitForLocksShouldSampleTheirOwnersInAnotherSafepoint(int number) {
		Object lock = new Object();
		synchronized (lock) {
			assertThat(safepointsToSample(number, State.BLOCKED, () -> {
				synchronized (lock) {
					Thread.onSpinWait();
				}
			})).isEqualTo(2);
		}
	}

	private long safepointsToSample(int number, State state, Runnable task) {
		List<Thread> threads = Stream.generate(() -> new Thread(task)).limit(number).toList();
		threads.forEach(Thread::start);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> threads.stream().allMatch((thread) -> thread.getState() == state));
		try (ThreadDumps dumps = new ThreadDumps()) {
			assertThat(this.sampler
				.sample(threads.stream().map((thread) -> new ThreadSampler.Target(thread, -1)).toList()))
				.hasSize(number);
			return dumps.stop(Thread.currentThread().getName());
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void whenStackIsTooDeepShouldKeepBothEnds() {
		CountDownLatch release = new CountDownLatch(1);
		Thread thread = new Thread(() -> recurse(2_000, release));
		thread.start();
		Sample sample = Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.sampler.sample(List.of(new ThreadSampler.Target(thread, -1))).get(thread),
					(each) -> each.cause() == StallCause.WAITING);
		release.countDown();
		assertThat(sample.stack()).hasSize(512);
		assertThat(sample.stack()[511].getMethodName()).isEqualTo("run");
		assertThat(sample.stack()).anyMatch((frame) -> frame.getMethodName().startsWith("lambda$whenStackIsTooDeep"))
			.noneMatch((frame) -> frame.getClassName().contains("$$Lambda"));
	}

	private static void recurse(int depth, CountDownLatch release) {
		if (depth > 0) {
			recurse(depth - 1, release);
			return;
		}
		await(release);
	}

	@Test
	void shouldParseThreadStateOfLinux() {
		assertThat(OsThreadState.parse("17 (java) R 1 2")).isEqualTo(OsThreadState.RUNNING);
		assertThat(OsThreadState.parse("17 (a) S) b) D 1 2")).isEqualTo(OsThreadState.DISK);
		assertThat(OsThreadState.parse("17 (java) S 1")).isEqualTo(OsThreadState.SLEEPING);
		assertThat(OsThreadState.parse("17 (java) T 1")).isEqualTo(OsThreadState.UNKNOWN);
		assertThat(OsThreadState.parse("")).isEqualTo(OsThreadState.UNKNOWN);
		assertThat(OsThreadState.of(-1)).isEqualTo(OsThreadState.UNKNOWN);
		assertThat(OsThreadState.of(Long.MAX_VALUE)).isEqualTo(OsThreadState.UNKNOWN);
	}

}
