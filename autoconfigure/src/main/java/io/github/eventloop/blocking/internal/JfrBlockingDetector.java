package io.github.eventloop.blocking.internal;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.internal.thread.DaemonThread;

/**
 * {@link BlockingDetector} that reads a recording of JDK Flight Recorder inside the
 * process. It needs neither an agent nor a JVM flag, and measures the length of each
 * call. Detection begins about a second after {@link #start()}, and a call is reported up
 * to a second after it has ended.
 * <p>
 * All work is done on one daemon thread, {@code eventloop-blocking}.
 */
public final class JfrBlockingDetector implements BlockingDetector {

	private static final Log logger = LogFactory.getLog(BlockingDetector.class);

	private static final String SWITCH_OFF = ", or switch the detector off with eventloop.blocking.detector=none";

	private final EventLoopMonitor monitor;

	private final BlockingCalls calls;

	private final BlockingSettings settings;

	private final LoopThreads threads = new LoopThreads();

	/** Guards the fields below. */
	private final Object lock = new Object();

	private boolean started;

	private boolean closed;

	/**
	 * Not declared as {@code JfrStream}, because that needs a module that may be missing.
	 */
	private @Nullable AutoCloseable stream;

	/**
	 * Create a detector for the loops of a monitor. It has no effect until
	 * {@link #start()}.
	 * @param monitor the monitor
	 * @param calls the table to add detected calls to
	 * @param settings the settings
	 */
	public JfrBlockingDetector(EventLoopMonitor monitor, BlockingCalls calls, BlockingSettings settings) {
		this.monitor = monitor;
		this.calls = calls;
		this.settings = settings;
	}

	/**
	 * Start detecting blocking calls in the background. Returns immediately.
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
		try (JfrStream opened = new JfrStream(this.settings.threshold(), this.threads, this.calls)) {
			if (registerUnlessClosed(opened)) {
				opened.run();
			}
		}
		catch (Throwable ex) {
			if (!isClosed()) {
				warn("JDK Flight Recorder failed: " + rootOf(ex) + ". It needs a writable directory: set one "
						+ "with -Djava.io.tmpdir or -XX:FlightRecorderOptions=repository=...", ex);
			}
		}
	}

	private boolean registerUnlessClosed(AutoCloseable opened) {
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
		logger.warn("Blocking calls on event loops are not detected. " + problem + SWITCH_OFF);
		if (ex != null) {
			logger.debug("JDK Flight Recorder failed", ex);
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
				logger.debug("Could not close the recording", ex);
			}
		}
	}

}
