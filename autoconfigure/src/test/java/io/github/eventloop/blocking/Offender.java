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
 * Calls that block, each for {@value #MILLIS} milliseconds as far as we have a say.
 * {@link #prepare} is for any thread but a loop; {@link #block} is for the loop.
 */
// They live as long as the JVM, which is theirs alone.
@SuppressWarnings({ "ImmutableEnumChecker", "UnsafeFinalization" })
enum Offender {

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
				// Nobody completes it.
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
			this.go = release::countDown;
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
			goSoon();
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
				this.go = () -> peer.getOutputStream().write(1);
			}
		}

		@Override
		int block() throws Exception {
			goSoon();
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
				this.go = () -> peer.getInputStream().readNBytes(MUCH.length);
			}
		}

		@Override
		int block() throws Exception {
			goSoon();
			this.socket.getOutputStream().write(MUCH);
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
			goSoon();
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
			goSoon();
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
			goSoon();
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
			goSoon();
			this.file.write(LITTLE);
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
			goSoon();
			Files.write(this.path, LITTLE);
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

	static final int MILLIS = 40;

	private static final byte[] MUCH = new byte[16 * 1024 * 1024];

	/** As much as a pipe takes. */
	private static final byte[] LITTLE = new byte[4096];

	private static final ScheduledExecutorService others = Executors.newScheduledThreadPool(1, (task) -> {
		Thread thread = new Thread(task, "others");
		thread.setDaemon(true);
		return thread;
	});

	final BlockingKind kind;

	/** Lets the loop go on. */
	Action go = () -> {
	};

	Offender(BlockingKind kind) {
		this.kind = kind;
	}

	void prepare() throws Exception {
	}

	/**
	 * Block.
	 * @return the line that does
	 */
	abstract int block() throws Exception;

	void goSoon() {
		others.schedule(() -> {
			this.go.run();
			return null;
		}, MILLIS, TimeUnit.MILLISECONDS);
	}

	/** Both of its ends are open, so that nobody waits for anybody to open it. */
	Path emptyPipe() throws IOException, InterruptedException {
		RandomAccessFile pipe = pipe();
		this.go = () -> pipe.write(1);
		return path();
	}

	Path fullPipe() throws IOException, InterruptedException {
		RandomAccessFile pipe = pipe();
		pipe.write(new byte[64 * 1024]);
		this.go = () -> pipe.readFully(new byte[64 * 1024]);
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
	 * Tells where it is called from.
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
