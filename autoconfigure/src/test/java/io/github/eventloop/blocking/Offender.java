package io.github.eventloop.blocking;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Blocking calls, of {@value #MILLIS} milliseconds each where the length can be
 * controlled. {@link #block} is called on the event loop thread, {@link #prepare} on
 * another thread.
 */
// Resources stay open until the JVM exits, which runs nothing else.
@SuppressWarnings({ "ImmutableEnumChecker", "UnsafeFinalization" })
public enum Offender {

	SLEEP(BlockingKind.SLEEP) {

		@Override
		int block() throws Exception {
			Thread.sleep(MILLIS);
			return Line.before();
		}

	},

	PARK(BlockingKind.PARK) {

		@Override
		int block() throws Exception {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS));
			return Line.before();
		}

	},

	FUTURE(BlockingKind.PARK) {

		@Override
		int block() throws Exception {
			int line = 0;
			try {
				line = Line.after();
				new CompletableFuture<>().get(MILLIS, TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				// Expected: the future is never completed.
			}
			return line;
		}

	},

	LOCK(BlockingKind.MONITOR_ENTER) {

		private final Object lock = new Object();

		@Override
		void prepare() throws Exception {
			CountDownLatch locked = new CountDownLatch(1);
			CountDownLatch release = new CountDownLatch(1);
			this.unblock = release::countDown;
			new Thread(() -> {
				synchronized (this.lock) {
					locked.countDown();
					try {
						release.await();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				}
			}, "holder").start();
			locked.await();
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			synchronized (this.lock) {
				return Line.before();
			}
		}

	},

	WAIT(BlockingKind.MONITOR_WAIT) {

		@Override
		@SuppressWarnings("WaitNotInLoop")
		int block() throws Exception {
			synchronized (this) {
				wait(MILLIS);
				return Line.before();
			}
		}

	},

	SOCKET_READ(BlockingKind.SOCKET_READ) {

		private Socket socket;

		@Override
		void prepare() throws Exception {
			try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				this.socket = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket peer = server.accept();
				this.unblock = () -> peer.getOutputStream().write(1);
			}
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			this.socket.getInputStream().read();
			return Line.before();
		}

	},

	SOCKET_WRITE(BlockingKind.SOCKET_WRITE) {

		private Socket socket;

		@Override
		void prepare() throws Exception {
			try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
				this.socket = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket peer = server.accept();
				this.unblock = () -> peer.getInputStream().readNBytes(LARGE.length);
			}
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			this.socket.getOutputStream().write(LARGE);
			return Line.before();
		}

	},

	RANDOM_ACCESS_READ(BlockingKind.FILE_READ) {

		private RandomAccessFile file;

		@Override
		void prepare() throws Exception {
			this.file = new RandomAccessFile(emptyPipe().toFile(), "r");
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			this.file.read();
			return Line.before();
		}

	},

	FILE_STREAM_READ(BlockingKind.FILE_READ) {

		private FileInputStream file;

		@Override
		void prepare() throws Exception {
			this.file = new FileInputStream(emptyPipe().toFile());
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			this.file.read();
			return Line.before();
		}

	},

	NIO_READ(BlockingKind.FILE_READ) {

		private Path path;

		@Override
		void prepare() throws Exception {
			this.path = emptyPipe();
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			Files.newInputStream(this.path).read();
			return Line.before();
		}

	},

	FILE_STREAM_WRITE(BlockingKind.FILE_WRITE) {

		private FileOutputStream file;

		@Override
		void prepare() throws Exception {
			this.file = new FileOutputStream(fullPipe().toFile());
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			this.file.write(SMALL);
			return Line.before();
		}

	},

	NIO_WRITE(BlockingKind.FILE_WRITE) {

		private Path path;

		@Override
		void prepare() throws Exception {
			this.path = fullPipe();
		}

		@Override
		int block() throws Exception {
			unblockSoon();
			Files.write(this.path, SMALL);
			return Line.before();
		}

	},

	PROCESS(BlockingKind.PROCESS_START) {

		@Override
		int block() throws Exception {
			new ProcessBuilder("true").start();
			return Line.before();
		}

	};

	public static final int MILLIS = 40;

	private static final byte[] LARGE = new byte[16 * 1024 * 1024];

	/** Less than a pipe holds. */
	private static final byte[] SMALL = new byte[4096];

	private static final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1, (task) -> {
		Thread thread = new Thread(task, "scheduler");
		thread.setDaemon(true);
		return thread;
	});

	public final BlockingKind kind;

	/** Unblocks the event loop thread. */
	Action unblock = () -> {
	};

	Offender(BlockingKind kind) {
		this.kind = kind;
	}

	void prepare() throws Exception {
	}

	/**
	 * Make the blocking call.
	 * @return the line of the call
	 */
	abstract int block() throws Exception;

	void unblockSoon() {
		scheduler.schedule(() -> {
			this.unblock.run();
			return null;
		}, MILLIS, TimeUnit.MILLISECONDS);
	}

	/** Create a pipe with both ends open, so that opening it does not block. */
	Path emptyPipe() throws IOException, InterruptedException {
		RandomAccessFile pipe = pipe();
		this.unblock = () -> pipe.write(1);
		return path();
	}

	Path fullPipe() throws IOException, InterruptedException {
		RandomAccessFile pipe = pipe();
		pipe.write(new byte[64 * 1024]);
		this.unblock = () -> pipe.readFully(new byte[64 * 1024]);
		return path();
	}

	private RandomAccessFile pipe() throws IOException, InterruptedException {
		new ProcessBuilder("mkfifo", path().toString()).inheritIO().start().waitFor();
		return new RandomAccessFile(path().toFile(), "rw");
	}

	private Path path() {
		return Path.of(System.getProperty("pipes"), name());
	}

	interface Action {

		void run() throws IOException;

	}

	/**
	 * Line numbers relative to the caller.
	 */
	static final class Line {

		private Line() {
		}

		static int before() {
			return new Throwable().getStackTrace()[1].getLineNumber() - 1;
		}

		static int after() {
			return new Throwable().getStackTrace()[1].getLineNumber() + 1;
		}

	}

}
