package io.github.eventloop.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.internal.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link MonitoredLoopResources}, which compare them with those of Reactor
 * Netty.
 */
class MonitoredLoopResourcesTests {

	private final List<LoopResources> resources = new ArrayList<>();

	@AfterEach
	void dispose() {
		this.resources.forEach((resources) -> resources.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void threadsShouldMatchOriginal(boolean useNative) throws Exception {
		LoopResources original = track(LoopResources.create("same", 1, 3, false));
		MonitoredLoopResources monitored = track(
				MonitoredLoopResources.builder("same").selectCount(1).workerCount(3).daemon(false).build());
		assertThat(threads(monitored, useNative)).isEqualTo(threads(original, useNative));
	}

	@Test
	void daemonFlagShouldBeApplied() throws Exception {
		MonitoredLoopResources.Builder one = MonitoredLoopResources.builder("a").workerCount(1);
		assertThat(isDaemon(one.daemon(true).build())).isTrue();
		assertThat(isDaemon(one.daemon(false).build())).isFalse();
		assertThat(isDaemon(MonitoredLoopResources.create("c"))).isEqualTo(isDaemon(LoopResources.create("c")));
	}

	private boolean isDaemon(LoopResources resources) throws Exception {
		return thread(track(resources).onServer(true).next()).isDaemon();
	}

	@Test
	void threadsShouldRejectBlocking() {
		EventLoop loop = track(MonitoredLoopResources.builder("test").workerCount(1).build()).onServer(true).next();
		assertThatIllegalStateException()
			.isThrownBy(() -> loop.submit(() -> Mono.delay(Duration.ofMillis(10)).block()).sync())
			.withMessageContaining("not supported in thread test-");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void countsShouldMatchOriginal(boolean useNative) {
		assertCounts(useNative, LoopResources.create("same"), MonitoredLoopResources.create("same"));
		assertCounts(useNative, LoopResources.create("same", 2, true),
				MonitoredLoopResources.builder("same").workerCount(2).build());
		assertCounts(useNative, LoopResources.create("same", 1, 3, true),
				MonitoredLoopResources.builder("same").selectCount(1).workerCount(3).build());
	}

	private void assertCounts(boolean useNative, LoopResources original, LoopResources monitored) {
		track(original);
		track(monitored);
		assertThat(size(monitored.onServer(useNative))).isEqualTo(size(original.onServer(useNative)));
		assertThat(size(monitored.onServerSelect(useNative))).isEqualTo(size(original.onServerSelect(useNative)));
		assertThat(size(monitored.onClient(useNative))).isEqualTo(size(original.onClient(useNative)));
		assertThat(monitored.onServerSelect(useNative) == monitored.onServer(useNative))
			.isEqualTo(original.onServerSelect(useNative) == original.onServer(useNative));
		assertThat(monitored.onServer(useNative)).isSameAs(monitored.onServer(useNative));
		assertThat(monitored.onClient(useNative)).isSameAs(monitored.onClient(useNative));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void channelsShouldMatchOriginal(boolean useNative) {
		LoopResources original = track(LoopResources.create("same", 1, true));
		LoopResources monitored = track(MonitoredLoopResources.builder("same").workerCount(1).build());
		List<Class<? extends Channel>> types = List.of(SocketChannel.class, ServerSocketChannel.class,
				DatagramChannel.class);
		for (Class<? extends Channel> type : types) {
			for (Function<LoopResources, EventLoopGroup> group : groups(useNative)) {
				assertThat(monitored.onChannelClass(type, group.apply(monitored)))
					.isEqualTo(original.onChannelClass(type, group.apply(original)));
				assertThat(monitored.onChannel(type, group.apply(monitored)))
					.hasSameClassAs(original.onChannel(type, group.apply(original)));
			}
		}
	}

	@Test
	void transportShouldBeThatOfReactorNetty() {
		assertThat(Transport.PREFERRED != Transport.NIO).isEqualTo(LoopResources.hasNativeSupport());
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void clientsShouldBeColocatedAsInOriginal(boolean colocate) throws Exception {
		LoopResources original = track(LoopResources.create("same", -1, 3, true, colocate));
		LoopResources monitored = track(
				MonitoredLoopResources.builder("same").workerCount(3).colocate(colocate).build());
		assertThat(staysOnLoop(original)).isEqualTo(colocate);
		assertThat(staysOnLoop(monitored)).isEqualTo(colocate);
	}

	private static boolean staysOnLoop(LoopResources resources) throws Exception {
		EventLoopGroup client = resources.onClient(true);
		EventLoop loop = resources.onServer(true).next();
		return loop.submit(() -> Stream.generate(client::next).limit(6).allMatch((next) -> next == loop))
			.get(60, TimeUnit.SECONDS);
	}

	@Test
	void disposalShouldBeGraceful() throws Exception {
		MonitoredLoopResources monitored = MonitoredLoopResources.builder("test").selectCount(1).workerCount(2).build();
		EventLoopGroup server = monitored.onServer(true);
		EventLoopGroup select = monitored.onServerSelect(true);
		EventLoopGroup client = monitored.onClient(true);
		EventLoopGroup nio = monitored.onServer(false);
		thread(server.next());
		Mono<Void> disposal = monitored.disposeLater(Duration.ofMillis(100), Duration.ofSeconds(5));
		assertThat(monitored.isDisposed()).isFalse();
		StepVerifier.create(disposal).expectComplete().verify(Duration.ofSeconds(10));
		assertThat(monitored.isDisposed()).isTrue();
		assertThat(List.of(server, select, client, nio)).allMatch(EventLoopGroup::isTerminated);
		assertThat(monitored.isExhausted()).isTrue();
		StepVerifier.create(monitored.disposeLater()).expectComplete().verify(Duration.ofSeconds(1));
	}

	@Test
	void whenTasksAreSubmittedDisposalShouldLetThemComplete() {
		MonitoredLoopResources monitored = MonitoredLoopResources.builder("test").workerCount(1).build();
		EventLoop loop = monitored.onServer(true).next();
		List<String> done = Collections.synchronizedList(new ArrayList<>());
		loop.execute(() -> {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			done.add("running");
			loop.execute(() -> done.add("submitted in the quiet period"));
		});
		monitored.disposeLater(Duration.ofMillis(200), Duration.ofSeconds(5)).block(Duration.ofSeconds(60));
		assertThat(done).containsExactly("running", "submitted in the quiet period");
	}

	@Test
	void whenDisposalTakesTooLongShouldFailAsOriginal() {
		MonitoredLoopResources monitored = MonitoredLoopResources.builder("test").workerCount(1).build();
		EventLoop loop = monitored.onServer(true).next();
		CountDownLatch release = new CountDownLatch(1);
		loop.execute(() -> {
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		StepVerifier.create(monitored.disposeLater(Duration.ZERO, Duration.ofMillis(100)))
			.expectErrorMessage("LoopResources couldn't be disposed within 100ms")
			.verify(Duration.ofSeconds(5));
		release.countDown();
	}

	@Test
	void whenNothingWasUsedShouldHaveNoLoops() {
		assertThat(track(MonitoredLoopResources.create("test")).loops()).isEmpty();
	}

	@Test
	void loopsShouldHaveTheNamesOfTheirFutureThreads() throws Exception {
		MonitoredLoopResources monitored = track(MonitoredLoopResources.builder("test").workerCount(3).build());
		EventLoopGroup group = monitored.onServer(false);
		assertThat(monitored.loops()).extracting(MonitoredLoop::name)
			.containsExactly("test-nio-1", "test-nio-2", "test-nio-3");
		List<EventLoop> loops = StreamSupport.stream(group.spliterator(), false).map(EventLoop.class::cast).toList();
		assertThat(thread(loops.get(2)).getName()).isEqualTo("test-nio-1");
		assertThat(monitored.loops()).extracting(MonitoredLoop::name)
			.containsExactly("test-nio-1", "test-nio-2", "test-nio-3");
		assertThat(monitored.loops().get(0)).isSameAs(loops.get(2));
		assertThat(thread(loops.get(0)).getName()).isEqualTo("test-nio-2");
		assertThat(monitored.loops()).extracting(MonitoredLoop::name)
			.containsExactly("test-nio-1", "test-nio-2", "test-nio-3");
		assertThat(monitored.loops()).element(1).isSameAs(loops.get(0));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void loopsShouldHaveTheRolesOfTheirChannels(boolean useNative) {
		MonitoredLoopResources monitored = track(
				MonitoredLoopResources.builder("test").selectCount(1).workerCount(1).build());
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(monitored, useNative)
			.handle((request, response) -> response.sendString(Mono.just("hello")))
			.bindNow(Duration.ofSeconds(10));
		MonitoredLoopResources clients = track(MonitoredLoopResources.builder("client").workerCount(1).build());
		ConnectionProvider provider = ConnectionProvider.create("test", 1);
		try {
			String answer = HttpClient.create(provider)
				.runOn(clients, useNative)
				.get()
				.uri("http://127.0.0.1:" + server.port())
				.responseContent()
				.aggregate()
				.asString()
				.block(Duration.ofSeconds(60));
			assertThat(answer).isEqualTo("hello");
			assertThat(monitored.loops()).extracting(MonitoredLoop::roles)
				.containsExactlyInAnyOrder(Set.of(LoopRole.SERVER), Set.of(LoopRole.ACCEPTOR));
			assertThat(clients.loops()).extracting(MonitoredLoop::roles).containsExactly(Set.of(LoopRole.CLIENT));
			assertThat(monitored.loops()).extracting(MonitoredLoop::channels).containsOnly(1);
			assertThat(monitored.loops()).extracting(MonitoredLoop::group).containsOnly("test");
		}
		finally {
			provider.dispose();
			server.disposeNow(Duration.ofSeconds(5));
		}
	}

	@Test
	void shouldRejectInvalidSettings() {
		assertThatIllegalArgumentException().isThrownBy(() -> MonitoredLoopResources.create(""))
			.withMessage("'prefix' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> MonitoredLoopResources.builder("test").workerCount(0))
			.withMessage("'workerCount' must be 1 or more but is 0");
		assertThatIllegalArgumentException().isThrownBy(() -> MonitoredLoopResources.builder("test").selectCount(0))
			.withMessage("'selectCount' must be 1 or more, or -1 to let the workers accept, but is 0");
	}

	private <T extends LoopResources> T track(T resources) {
		this.resources.add(resources);
		return resources;
	}

	private static List<Function<LoopResources, EventLoopGroup>> groups(boolean useNative) {
		return List.of((resources) -> resources.onServer(useNative), (resources) -> resources.onServerSelect(useNative),
				(resources) -> resources.onClient(useNative));
	}

	private static List<String> threads(LoopResources resources, boolean useNative) throws Exception {
		List<String> threads = new ArrayList<>();
		for (Function<LoopResources, EventLoopGroup> group : groups(useNative)) {
			for (EventExecutor loop : group.apply(resources)) {
				Thread thread = thread((EventLoop) loop);
				threads.add(thread.getName() + " daemon=" + thread.isDaemon() + " nonBlocking="
						+ (thread instanceof NonBlocking) + " fast=" + (thread instanceof FastThreadLocalThread)
						+ " priority=" + thread.getPriority() + " group=" + thread.getThreadGroup().getName());
			}
		}
		return threads;
	}

	private static Thread thread(EventLoop loop) throws Exception {
		return loop.submit(Thread::currentThread).get(60, TimeUnit.SECONDS);
	}

	private static long size(EventLoopGroup group) {
		return StreamSupport.stream(group.spliterator(), false).count();
	}

}
