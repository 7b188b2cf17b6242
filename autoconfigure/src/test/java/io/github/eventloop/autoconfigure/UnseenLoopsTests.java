package io.github.eventloop.autoconfigure;

import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnseenLoops}.
 */
class UnseenLoopsTests {

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	@ParameterizedTest
	@CsvSource({ "lettuce-epollEventLoop-9-1, true", "nioEventLoopGroup-9-1, true",
			"multiThreadIoEventLoopGroup-9-2, true", "reactor-tcp-epoll-9, true", "vert.x-eventloop-thread-9, true",
			"aws-java-sdk-NettyEventLoop-9-1, true", "grpc-default-worker-ELG-9-3, true", "eventloop-monitor9, false",
			"boundedElastic-9, false", "parallel-9, false", "http-nio-auto-9-exec-1, false", "ForkJoinPool-9, false" })
	void shouldRecognizeThreadsByTheirNames(String name, boolean expected) throws InterruptedException {
		CountDownLatch end = new CountDownLatch(1);
		Thread thread = new Thread(() -> awaitEnd(end), name);
		thread.start();
		try {
			assertThat(UnseenLoops.find(this.monitor).containsKey(name)).isEqualTo(expected);
		}
		finally {
			end.countDown();
			thread.join();
		}
	}

	private static void awaitEnd(CountDownLatch end) {
		try {
			end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
