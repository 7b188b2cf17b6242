package io.github.eventloop.actuate.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.grpc.netty.shaded.io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnmeasuredLoops}.
 */
class UnmeasuredLoopsTests {

	private final CountDownLatch end = new CountDownLatch(1);

	private final List<Thread> threads = new ArrayList<>();

	@AfterEach
	void endThreads() throws InterruptedException {
		this.end.countDown();
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	@Test
	void relocatedLoopsShouldBeFoundByTheClassOfTheirThreads() {
		IntStream.rangeClosed(1, 3)
			.forEach((number) -> start(new FastThreadLocalThread(this::await, "grpc-default-worker-ELG-1-" + number)));
		UnmeasuredDescriptor found = find("grpc-default-worker-ELG");
		assertThat(found.threads()).isEqualTo(3);
		assertThat(found.reason()).isEqualTo("their Netty is relocated to io.grpc.netty.shaded.io.netty, "
				+ "and is a copy that eventloop cannot extend");
		assertThat(found.remedy()).isEqualTo("use grpc-netty instead of grpc-netty-shaded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nioEventLoopGroup-2-1", "shop-epoll-1", "lettuce-epollEventLoop-4-1", "Neo4jDriverIO-2-1",
			"redisson-netty-2-1", "vert.x-eventloop-thread-0", "s0-io-3", "grpc-nio-worker-ELG-1-2",
			"pulsar-client-io-1-1", "multiThreadIoEventLoopGroup-7-2" })
	void loopsOfNettyShouldBeFound(String name) {
		start(new io.netty.util.concurrent.FastThreadLocalThread(this::await, name));
		UnmeasuredDescriptor found = find(name.replaceAll("(-\\d+)+$", ""));
		assertThat(found.threads()).isOne();
		assertThat(found.remedy()).contains("EventLoopGroup as a bean");
		assertThat(names(Set.of(name))).doesNotContain(found.name());
	}

	@Test
	void loopsOfTheAwsSdkShouldBeFoundByName() {
		start(new Thread(this::await, "aws-java-sdk-NettyEventLoop-0-1"));
		assertThat(find("aws-java-sdk-NettyEventLoop").remedy()).contains("SdkEventLoopGroup.create");
	}

	@ParameterizedTest
	@ValueSource(strings = { "lettuce-eventExecutorLoop-1-1", "lettuce-timer-3-1", "vert.x-worker-thread-0",
			"redisson-timer-4-1", "defaultEventExecutorGroup-2-1" })
	void otherThreadsOfNettyShouldNotBeFound(String name) {
		Set<String> before = names(Set.of());
		start(new io.netty.util.concurrent.FastThreadLocalThread(this::await, name));
		assertThat(names(Set.of())).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-nio-8080-Poller", "http-nio-8080-exec-1", "my-event-loop-1", "qtp-nio-1" })
	void threadsOfTheJdkShouldNotBeFound(String name) {
		Set<String> before = names(Set.of());
		start(new Thread(this::await, name));
		assertThat(names(Set.of())).isEqualTo(before);
	}

	private void start(Thread thread) {
		this.threads.add(thread);
		thread.setDaemon(true);
		thread.start();
	}

	private void await() {
		try {
			this.end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static UnmeasuredDescriptor find(String name) {
		return UnmeasuredLoops.find(Set.of())
			.stream()
			.filter((found) -> found.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static Set<String> names(Set<String> measured) {
		return UnmeasuredLoops.find(measured).stream().map(UnmeasuredDescriptor::name).collect(Collectors.toSet());
	}

}
