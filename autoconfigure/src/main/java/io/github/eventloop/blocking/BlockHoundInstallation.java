package io.github.eventloop.blocking;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * The one BlockHound of the JVM. The only class that needs it on the class path.
 */
final class BlockHoundInstallation {

	private static final Log logger = LogFactory.getLog(BlockHoundInstallation.class);

	/** Told on the loop. */
	private static final List<Listener> listeners = new CopyOnWriteArrayList<>();

	/** Whether the thread is in {@link #tell}: what that does itself is nobody's call. */
	private static final ThreadLocal<Boolean> telling = ThreadLocal.withInitial(() -> false);

	// Guarded by the class.
	private static boolean tried;

	private static @Nullable String problem;

	private BlockHoundInstallation() {
	}

	/**
	 * Install BlockHound, unless that was tried before.
	 * @return what is wrong and what to do about it, or {@code null} if it works
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
				.blockingMethodCallback(BlockHoundInstallation::tell)
				.install();
		}
		catch (Throwable ex) {
			logger.debug("Why BlockHound failed", ex);
			return "BlockHound failed: " + String.valueOf(ex.getMessage()).lines().findFirst().orElse("")
					+ " See its documentation for this JVM";
		}
		// It says nothing where somebody else was first.
		return new Probe().isHeard() ? null
				: "BlockHound was installed by something else, which is told of the calls in our place. "
						+ "Remove its agent or call of BlockHound.install()";
	}

	static void add(Listener listener) {
		listeners.add(listener);
	}

	static void remove(Listener listener) {
		listeners.remove(listener);
	}

	/** Called by BlockHound, on the loop, right before the call. */
	private static void tell(BlockingMethod method) {
		if (telling.get() || !(Thread.currentThread() instanceof MonitoredThread thread)) {
			return;
		}
		telling.set(true);
		try {
			BlockingKind kind = kindOf(method.getClassName(), method.getName());
			listeners.forEach((listener) -> tell(listener, kind, thread));
		}
		finally {
			telling.set(false);
		}
	}

	@SuppressWarnings("EmptyCatch") // nowhere to tell it that would not block
	private static void tell(Listener listener, BlockingKind kind, MonitoredThread thread) {
		try {
			listener.onCall(kind, thread);
		}
		catch (Throwable ex) {
			// The call that the application is about to make is no business of ours.
		}
	}

	/** What BlockHound looks for differs from JDK to JDK. */
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
	 * Told of a call by the loop that is about to make it: must not wait.
	 */
	@FunctionalInterface
	interface Listener {

		/**
		 * A loop is about to make a call that may block.
		 * @param kind what it waits for
		 * @param thread the thread of the loop
		 */
		void onCall(BlockingKind kind, MonitoredThread thread);

	}

	/**
	 * A thread that looks like a loop's and blocks, to see whether we are told.
	 */
	private static final class Probe extends Thread implements MonitoredThread {

		private volatile boolean heard;

		Probe() {
			super(null, null, "eventloop-probe", 0, false);
			setDaemon(true);
			setContextClassLoader(null);
		}

		boolean isHeard() {
			Listener listener = (kind, thread) -> this.heard |= thread == this;
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
			return this.heard;
		}

		@Override
		public void run() {
			try {
				Thread.sleep(1);
			}
			catch (InterruptedException ex) {
				// Nobody interrupts it, and it ends anyway.
			}
		}

		@Override
		public MonitoredLoop loop() {
			throw new IllegalStateException("The probe runs no loop");
		}

	}

}
