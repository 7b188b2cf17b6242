package io.github.eventloop.monitor.internal.thread;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.internal.second.LoopPoller;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DaemonThread} and the threads of this package.
 */
class DaemonThreadTests {

	private static final InheritableThreadLocal<String> SECRET = new InheritableThreadLocal<>();

	private static final ClassLoader LOADER = DaemonThreadTests.class.getClassLoader();

	@AfterEach
	void reset() {
		SECRET.remove();
		Thread.currentThread().setContextClassLoader(LOADER);
	}

	static Stream<Named<Consumer<Runnable>>> threads() {
		return Stream.of(Named.of("any", (task) -> DaemonThread.create(task, "test", LOADER).start()),
				Named.of("monitor", DaemonThreadTests::runOnMonitor),
				Named.of("notifier", (task) -> NOTIFIER.announce(task)), Named.of("log", LogThread::write));
	}

	/**
	 * Created by the application; their threads are started by the first notification.
	 */
	private static final Notifier NOTIFIER = new Notifier("test-notifier", 8);

	private static void runOnMonitor(Runnable task) {
		EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
		monitor.addListener((LoopPoller) (now) -> {
			task.run();
			monitor.close();
			return Long.MAX_VALUE;
		});
		monitor.start();
	}

	@ParameterizedTest
	@MethodSource("threads")
	void shouldInheritNothingFromTheStartingThread(Consumer<Runnable> start) throws Exception {
		CompletableFuture<String> secret = new CompletableFuture<>();
		CompletableFuture<ClassLoader> loader = new CompletableFuture<>();
		SECRET.set("of a request");
		try (URLClassLoader temporary = new URLClassLoader(new URL[0])) {
			Thread.currentThread().setContextClassLoader(temporary);
			start.accept(() -> {
				secret.complete(SECRET.get());
				loader.complete(Thread.currentThread().getContextClassLoader());
				assertThat(Thread.currentThread().isDaemon()).isTrue();
			});
			assertThat(secret.get(60, TimeUnit.SECONDS)).isNull();
			assertThat(loader.get(60, TimeUnit.SECONDS)).isNotSameAs(temporary);
		}
	}

}
