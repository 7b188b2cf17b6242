package io.github.eventloop.blocking;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.DaemonThread;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * Sees blocking calls in a recording of JDK Flight Recorder that runs inside the process:
 * needs no agent and no JVM flag, and knows how long each call took. It takes about a
 * second from {@link #start()} until it sees the first call, and tells of a call up to a
 * second after it has ended.
 * <p>
 * All of it happens on one daemon thread, called {@code eventloop-blocking}.
 *
 * @since 0.1.0
 */
public final class JfrBlockingDetector implements BlockingDetector {

	private static final Log logger = LogFactory.getLog(JfrBlockingDetector.class);

	private static final String SWITCH_OFF = ", or switch the detector off with eventloop.blocking.detector=none";

	private final EventLoopMonitor monitor;

	private final BlockingCalls calls;

	private final BlockingSettings settings;

	private final LoopThreads threads = new LoopThreads();

	/** Finds the classes of the application. */
	private final ClassLoader loader;

	/** Guards the fields below. */
	private final Object lock = new Object();

	private boolean started;

	private boolean closed;

	/**
	 * An interface of the JDK's core, for the class needs a module that may be missing.
	 */
	private @Nullable AutoCloseable stream;

	/**
	 * Look at the loops of a monitor, from {@link #start()} on.
	 * @param monitor the monitor
	 * @param calls where to add what is seen
	 * @param settings what to look for
	 */
	public JfrBlockingDetector(EventLoopMonitor monitor, BlockingCalls calls, BlockingSettings settings) {
		this.monitor = monitor;
		this.calls = calls;
		this.settings = settings;
		ClassLoader context = Thread.currentThread().getContextClassLoader();
		this.loader = (context != null) ? context : JfrBlockingDetector.class.getClassLoader();
	}

	/**
	 * Start to look, soon: returns at once.
	 */
	@Override
	public void start() {
		synchronized (this.lock) {
			if (this.started || this.closed) {
				return;
			}
			this.started = true;
		}
		this.monitor.addListener(this.threads);
		DaemonThread.create(this::run, "eventloop-blocking", JfrBlockingDetector.class.getClassLoader()).start();
	}

	private void run() {
		if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
			warn("This Java runtime has no module jdk.jfr. Add it to the runtime image (jlink --add-modules jdk.jfr)",
					null);
			return;
		}
		try (JfrStream opened = new JfrStream(this.settings.threshold(), this.threads, this.calls,
				new SourceFiles(this.loader))) {
			if (isWanted(opened)) {
				opened.run();
			}
		}
		catch (Throwable ex) {
			if (!isClosed()) {
				warn("JDK Flight Recorder failed: " + rootOf(ex) + ". It needs a directory to write to: let "
						+ "-Djava.io.tmpdir or -XX:FlightRecorderOptions=repository=... name one", ex);
			}
		}
	}

	private boolean isWanted(AutoCloseable opened) {
		synchronized (this.lock) {
			this.stream = opened;
			return !this.closed;
		}
	}

	private boolean isClosed() {
		synchronized (this.lock) {
			return this.closed;
		}
	}

	private static void warn(String problem, @Nullable Throwable ex) {
		logger.warn("Blocking calls on event loops are not looked for. " + problem + SWITCH_OFF);
		if (ex != null) {
			logger.debug("Why JDK Flight Recorder failed", ex);
		}
	}

	private static Throwable rootOf(Throwable ex) {
		Throwable root = ex;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return root;
	}

	@Override
	public void close() {
		AutoCloseable stopped;
		synchronized (this.lock) {
			this.closed = true;
			stopped = this.stream;
			this.stream = null;
		}
		this.monitor.removeListener(this.threads);
		if (stopped != null) {
			try {
				stopped.close();
			}
			catch (Exception ex) {
				logger.debug("The recording did not end well", ex);
			}
		}
	}

}
