package io.github.eventloop.blocking.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;

import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.BlockingKind;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * The installation of BlockHound in this JVM, which all detectors share. The only class
 * that needs BlockHound on the class path.
 */
final class BlockHoundInstallation {

	private static final Log logger = LogFactory.getLog(BlockingDetector.class);

	/** Notified on the event loop thread. */
	private static final List<Listener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Whether the thread is notifying listeners: their own blocking calls are ignored.
	 */
	private static final ThreadLocal<Boolean> notifying = ThreadLocal.withInitial(() -> false);

	// Guarded by the class.
	private static boolean tried;

	private static @Nullable String problem;

	private BlockHoundInstallation() {
	}

	/**
	 * Install BlockHound, unless an earlier call has tried to.
	 * @return the problem and what to do about it, or {@code null} if BlockHound works
	 */
	static synchronized @Nullable String install() {
		if (!tried) {
			tried = true;
			problem = tryToInstall();
		}
		return problem;
	}

	private static @Nullable String tryToInstall() {
		try {
			BlockHound.builder()
				.loadIntegrations()
				.nonBlockingThreadPredicate((others) -> MonitoredThread.class::isInstance)
				.blockingMethodCallback(BlockHoundInstallation::onBlockingCall)
				.install();
		}
		catch (Throwable ex) {
			logger.debug("BlockHound failed", ex);
			return "BlockHound failed: " + String.valueOf(ex.getMessage()).lines().findFirst().orElse("")
					+ " See its documentation for this JVM";
		}
		// BlockHound does not report that it was installed before.
		return new Probe().isNotified() ? null
				: "BlockHound was installed by something else, which receives the calls instead. "
						+ "Remove its agent or its call to BlockHound.install()";
	}

	static void add(Listener listener) {
		listeners.add(listener);
	}

	static void remove(Listener listener) {
		listeners.remove(listener);
	}

	/** Invoked by BlockHound on the event loop thread, right before the call. */
	private static void onBlockingCall(BlockingMethod method) {
		if (notifying.get() || !(Thread.currentThread() instanceof MonitoredThread thread)) {
			return;
		}
		notifying.set(true);
		try {
			BlockingKind kind = kindOf(method.getClassName(), method.getName());
			listeners.forEach((listener) -> notifyListener(listener, kind, thread));
		}
		finally {
			notifying.set(false);
		}
	}

	@SuppressWarnings("EmptyCatch") // logging might block
	private static void notifyListener(Listener listener, BlockingKind kind, MonitoredThread thread) {
		try {
			listener.onCall(kind, thread);
		}
		catch (Throwable ex) {
			// Must not affect the call that the application is about to make.
		}
	}

	/** Return the kind of a method. What BlockHound instruments depends on the JDK. */
	static BlockingKind kindOf(String className, String method) {
		return switch (className) {
			case "java.lang.Thread" -> method.startsWith("sleep") ? BlockingKind.SLEEP : BlockingKind.OTHER;
			case "java.lang.Object" -> BlockingKind.MONITOR_WAIT;
			case "jdk.internal.misc.Unsafe" -> BlockingKind.PARK;
			case "java.lang.ProcessImpl" -> BlockingKind.PROCESS_START;
			default -> kindOfIo(className.startsWith("java.net."), method);
		};
	}

	private static BlockingKind kindOfIo(boolean socket, String method) {
		if (method.startsWith("connect")) {
			return BlockingKind.SOCKET_CONNECT;
		}
		if (method.contains("read") || method.contains("Read")) {
			return socket ? BlockingKind.SOCKET_READ : BlockingKind.FILE_READ;
		}
		if (method.contains("write") || method.contains("Write") || method.startsWith("send")) {
			return socket ? BlockingKind.SOCKET_WRITE : BlockingKind.FILE_WRITE;
		}
		return BlockingKind.OTHER;
	}

	/**
	 * Listener for blocking calls. Invoked on the event loop thread, so that it must not
	 * block.
	 */
	@FunctionalInterface
	interface Listener {

		/**
		 * Invoked when an event loop is about to make a call that may block.
		 * @param kind what the loop waits for
		 * @param thread the event loop thread
		 */
		void onCall(BlockingKind kind, MonitoredThread thread);

	}

	/**
	 * A thread that makes a blocking call as an event loop thread would, to check whether
	 * listeners are notified.
	 */
	private static final class Probe extends Thread implements MonitoredThread {

		private volatile boolean notified;

		Probe() {
			super(null, null, "eventloop-probe", 0, false);
			setDaemon(true);
			setContextClassLoader(null);
		}

		boolean isNotified() {
			Listener listener = (kind, thread) -> this.notified |= thread == this;
			add(listener);
			try {
				start();
				join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				remove(listener);
			}
			return this.notified;
		}

		@Override
		public void run() {
			try {
				Thread.sleep(1);
			}
			catch (InterruptedException ex) {
				// The thread is never interrupted, and ends anyway.
			}
		}

		@Override
		public MonitoredLoop loop() {
			throw new IllegalStateException("The probe runs no loop");
		}

		@Override
		public LoopRecorder recorder() {
			throw new IllegalStateException("The probe runs no loop");
		}

	}

}
