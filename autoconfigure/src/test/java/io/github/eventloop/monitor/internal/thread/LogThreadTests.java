package io.github.eventloop.monitor.internal.thread;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogThread}.
 */
class LogThreadTests {

	@Test
	void shouldWriteLinesInOrderOnItsThread() {
		List<String> lines = new CopyOnWriteArrayList<>();
		IntStream.range(0, 100)
			.forEach((i) -> LogThread.write(() -> lines.add(Thread.currentThread().getName() + " " + i)));
		LogThread.flush();
		assertThat(lines)
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj((i) -> "eventloop-log " + i).toList());
	}

	@Test
	void whenLogIsBlockedShouldNotWaitForIt() throws InterruptedException {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch written = new CountDownLatch(1);
		LogThread.write(() -> {
			try {
				blocked.await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		LogThread.write(written::countDown);
		LogThread.flush();
		assertThat(written.getCount()).isOne();
		blocked.countDown();
		assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
	}

}
