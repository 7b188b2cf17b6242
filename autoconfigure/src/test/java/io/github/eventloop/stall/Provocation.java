package io.github.eventloop.stall;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Ways to stall a real event loop, each with the expected cause.
 */
public enum Provocation {

	SPIN(StallCause.COMPUTING) {

		@Override
		void run(MonitoredLoop loop, long millis) {
			computeFor(millis);
		}

	},

	SLEEP(StallCause.SLEEPING) {

		@Override
		void run(MonitoredLoop loop, long millis) throws InterruptedException {
			Thread.sleep(millis);
		}

	},

	SOCKET_READ(StallCause.BLOCKING_IO) {

		@Override
		void run(MonitoredLoop loop, long millis) throws IOException {
			try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
					Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
					Socket accepted = server.accept();
					InputStream input = client.getInputStream()) {
				OutputStream output = accepted.getOutputStream();
				later(millis, () -> write(output));
				read(input);
			}
		}

		private void read(InputStream input) throws IOException {
			blackhole = input.read();
		}

	},

	FILE_READ(StallCause.BLOCKING_IO) {

		@Override
		void run(MonitoredLoop loop, long millis) throws IOException, InterruptedException {
			Path fifo = fifo();
			later(millis, () -> {
				try (OutputStream output = Files.newOutputStream(fifo)) {
					write(output);
				}
			});
			blackhole = Files.readAllBytes(fifo).length;
		}

	},

	RANDOM_ACCESS_FILE_READ(StallCause.BLOCKING_IO) {

		@Override
		void run(MonitoredLoop loop, long millis) throws IOException, InterruptedException {
			try (RandomAccessFile file = new RandomAccessFile(fifo().toFile(), "rw")) {
				later(millis, () -> file.write(1));
				blackhole = file.read();
			}
		}

	},

	PIPE_READ(StallCause.BLOCKING_IO) {

		@Override
		void run(MonitoredLoop loop, long millis) throws IOException {
			Pipe pipe = Pipe.open();
			try (Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
				later(millis, () -> blackhole = sink.write(ByteBuffer.allocate(1)));
				blackhole = source.read(ByteBuffer.allocate(1));
			}
		}

	},

	FUTURE_GET(StallCause.WAITING) {

		@Override
		void run(MonitoredLoop loop, long millis) throws InterruptedException, ExecutionException, TimeoutException {
			CompletableFuture<String> future = new CompletableFuture<String>().completeOnTimeout("late", millis,
					TimeUnit.MILLISECONDS);
			blackhole = future.get(1, TimeUnit.MINUTES);
		}

	},

	BLOCK_BYPASS(StallCause.WAITING) {

		@Override
		void run(MonitoredLoop loop, long millis) throws InterruptedException, ExecutionException {
			blackhole = Mono.delay(Duration.ofMillis(millis)).toFuture().get();
		}

	},

	QUEUE_TAKE(StallCause.WAITING) {

		@Override
		void run(MonitoredLoop loop, long millis) throws InterruptedException {
			ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
			later(millis, () -> queue.add(1));
			blackhole = queue.take();
		}

	},

	REENTRANT_LOCK(StallCause.WAITING) {

		@Override
		void run(MonitoredLoop loop, long millis) throws InterruptedException {
			ReentrantLock lock = new ReentrantLock();
			CountDownLatch held = new CountDownLatch(1);
			later(0, () -> {
				lock.lock();
				try {
					held.countDown();
					Thread.sleep(millis);
				}
				finally {
					lock.unlock();
				}
			});
			held.await();
			lock.lock();
		}

	},

	OBJECT_WAIT(StallCause.WAITING) {

		@Override
		@SuppressWarnings("WaitNotInLoop")
		void run(MonitoredLoop loop, long millis) throws InterruptedException {
			Object object = new Object();
			synchronized (object) {
				object.wait(millis);
			}
		}

	},

	PARK(StallCause.WAITING) {

		@Override
		void run(MonitoredLoop loop, long millis) {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			while (end - System.nanoTime() > 0) {
				LockSupport.parkNanos(end - System.nanoTime());
			}
		}

	},

	SYNCHRONIZED(StallCause.LOCK) {

		@Override
		void run(MonitoredLoop loop, long millis) throws InterruptedException {
			Object lock = new Object();
			CountDownLatch held = new CountDownLatch(1);
			later(0, () -> {
				synchronized (lock) {
					held.countDown();
					Thread.sleep(millis);
				}
			});
			held.await();
			synchronized (lock) {
				Thread.onSpinWait();
			}
		}

	},

	COLLECT(StallCause.GC) {

		@Override
		void run(MonitoredLoop loop, long millis) {
			long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			while (end - System.nanoTime() > 0) {
				System.gc();
			}
		}

	},

	TASKS(StallCause.FLOOD) {

		@Override
		void run(MonitoredLoop loop, long millis) {
			for (int i = 0; i < millis * 4; i++) {
				loop.execute(() -> spin(Duration.ofNanos(250_000)));
			}
		}

	},

	/** Many short tasks, followed by a long one. */
	TASKS_THEN_SPIN(StallCause.COMPUTING) {

		@Override
		void run(MonitoredLoop loop, long millis) {
			for (int i = 0; i < 100; i++) {
				loop.execute(() -> spin(Duration.ofNanos(20_000)));
			}
			loop.execute(() -> computeFor(millis));
		}

	};

	/** Keeps the compiler from eliminating code without an effect. */
	static volatile @Nullable Object blackhole;

	/** How long the loop was ready to run, and how long it ran on a CPU. */
	static volatile long readyNanos;

	static volatile long cpuNanos;

	private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final StallCause cause;

	Provocation(StallCause cause) {
		this.cause = cause;
	}

	StallCause cause() {
		return this.cause;
	}

	/** Runs on the loop. */
	abstract void run(MonitoredLoop loop, long millis) throws Exception;

	public void provoke(MonitoredLoop loop, long millis) {
		loop.execute(() -> {
			try {
				run(loop, millis);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private static void computeFor(long millis) {
		// More than the threshold, so that the cause is the same on a busy machine.
		long cpuEnd = threads.getCurrentThreadCpuTime() + 105_000_000;
		spin(Duration.ofMillis(millis));
		while (threads.getCurrentThreadCpuTime() < cpuEnd) {
			spin(Duration.ofMillis(1));
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // one loop at a time
	private static void spin(Duration duration) {
		long cpu = threads.getCurrentThreadCpuTime();
		long start = System.nanoTime();
		double result = 1;
		while (System.nanoTime() - start < duration.toNanos()) {
			result = Math.sin(result + start);
		}
		blackhole = result;
		readyNanos += System.nanoTime() - start;
		cpuNanos += threads.getCurrentThreadCpuTime() - cpu;
	}

	private static Path fifo() throws IOException, InterruptedException {
		Path directory = Files.createTempDirectory("fifo");
		Path fifo = directory.resolve("fifo");
		directory.toFile().deleteOnExit();
		fifo.toFile().deleteOnExit();
		new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
		return fifo;
	}

	private static void write(OutputStream output) throws IOException {
		output.write(1);
	}

	/** Run an action on another thread after a delay. */
	private static void later(long millis, Action action) {
		Thread thread = new Thread(() -> {
			try {
				Thread.sleep(millis);
				action.run();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "helper");
		thread.setDaemon(true);
		thread.start();
	}

	private interface Action {

		void run() throws IOException, InterruptedException;

	}

}
