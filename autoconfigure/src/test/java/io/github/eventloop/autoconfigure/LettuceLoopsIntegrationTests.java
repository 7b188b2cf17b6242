package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.PoolException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.test.util.TestSocketUtils;
import redis.embedded.RedisServer;

import io.github.eventloop.drivers.LettuceLoops;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops of Lettuce with a Redis server.
 */
@ExtendWith(OutputCaptureExtension.class)
class LettuceLoopsIntegrationTests {

	private static final int PORT = TestSocketUtils.findAvailableTcpPort();

	private static RedisServer server;

	final ApplicationContextRunner runner = DriverContext.runner(EventLoopLettuceAutoConfiguration.class)
		.withConfiguration(
				AutoConfigurations.of(DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + PORT,
				"spring.data.redis.lettuce.shutdown-timeout=0s");

	@BeforeAll
	static void startServer() throws IOException {
		server = RedisServer.newRedisServer().port(PORT).bind("127.0.0.1").build();
		server.start();
	}

	@AfterAll
	static void stopServer() throws IOException {
		server.stop();
	}

	@BeforeEach
	void awaitEndOfLastTest() {
		DriverContext.awaitNoThreads("lettuce-");
	}

	@Test
	void callbackThatBlocksShouldBeAStallWithItsLine() {
		this.runner.run((context) -> {
			connect(context);
			Stall stall = DriverContext.awaitStall(context, LettuceLoops.COMPONENT,
					() -> redis(context).opsForValue().get("key").doOnNext((value) -> DriverContext.block()).block());
			assertThat(stall.loop()).matches("lettuce-\\w+EventLoop-\\d+-\\d+");
			assertThat(stall.advice()).contains("RedisCommandTimeoutException");
			assertThat(stall.component()).isEqualTo("lettuce");
			assertThat(stall.requests().peer()).isEqualTo("127.0.0.1:" + PORT);
			DriverContext.assertMeasuredExactly(context, LettuceLoops.COMPONENT, "lettuce", LoopRole.CLIENT);
		});
		DriverContext.awaitNoThreads("lettuce-");
	}

	@Test
	void threadsShouldBeThoseOfTheDefault() {
		List<String> own = threadsAfterConnecting(this.runner);
		awaitNoLoops();
		assertThat(own).isNotEmpty()
			.isEqualTo(
					threadsAfterConnecting(this.runner.withPropertyValues("eventloop.drivers.lettuce.enabled=false")));
	}

	static List<String> threadsAfterConnecting(ApplicationContextRunner runner) {
		List<String> threads = new ArrayList<>();
		runner.run((context) -> {
			connect(context);
			threads.addAll(loopThreads());
			threads.add(resources(context).ioThreadPoolSize() + " threads");
		});
		return threads;
	}

	/** Return the names of the threads that are event loops. */
	private static List<String> loopThreads() {
		return DriverContext.threads("lettuce-").stream().filter((name) -> name.contains("EventLoop")).toList();
	}

	private static void awaitNoLoops() {
		Awaitility.await().atMost(DriverContext.LIMIT).until(() -> loopThreads().isEmpty());
	}

	@Test
	void ioThreadPoolSizeShouldKeepItsEffect() {
		this.runner.withBean(ClientResourcesBuilderCustomizer.class, () -> (builder) -> builder.ioThreadPoolSize(5))
			.run((context) -> {
				connect(context);
				assertThat(resources(context).ioThreadPoolSize()).isEqualTo(5);
				assertThat(DriverContext.loops(context, LettuceLoops.COMPONENT)).hasSize(5);
			});
	}

	@Test
	void poolShouldKeepItsSize() {
		List<Integer> sizes = new ArrayList<>();
		for (String enabled : List.of("true", "false")) {
			this.runner
				.withPropertyValues("eventloop.drivers.lettuce.enabled=" + enabled,
						"spring.data.redis.lettuce.pool.enabled=true", "spring.data.redis.lettuce.pool.max-active=3",
						"spring.data.redis.lettuce.pool.max-wait=10ms")
				.run((context) -> sizes.add(exhaustPool(context.getBean(RedisConnectionFactory.class))));
			awaitNoLoops();
		}
		assertThat(sizes.get(0)).isBetween(1, 3).isEqualTo(sizes.get(1));
	}

	/** Return how many transactions can be begun at once, each on its own connection. */
	private static int exhaustPool(RedisConnectionFactory factory) {
		List<RedisConnection> connections = new ArrayList<>();
		try {
			while (true) {
				RedisConnection connection = factory.getConnection();
				connections.add(connection);
				connection.multi();
			}
		}
		catch (RedisConnectionFailureException ex) {
			assertThat(ex).hasCauseInstanceOf(PoolException.class);
			return connections.size() - 1;
		}
		finally {
			connections.forEach(RedisConnection::close);
		}
	}

	@Test
	void ownProviderShouldWin() {
		DefaultEventLoopGroupProvider own = new DefaultEventLoopGroupProvider(3);
		this.runner
			.withBean(ClientResourcesBuilderCustomizer.class, () -> (builder) -> builder.eventLoopGroupProvider(own))
			.run((context) -> {
				connect(context);
				assertThat(resources(context).eventLoopGroupProvider()).isSameAs(own);
				assertThat(DriverContext.loops(context, LettuceLoops.COMPONENT)).isEmpty();
			});
	}

	@Test
	void driverThatIsNotUsedShouldHaveNoGroup() {
		this.runner.run((context) -> {
			assertThat(resources(context).eventLoopGroupProvider()).isInstanceOf(LettuceLoops.class);
			assertThat(DriverContext.groups(context)).isZero();
			assertThat(loopThreads()).isEmpty();
		});
	}

	@Test
	void whenContextIsRestartedThenNewLoopsShouldReplaceTheOldOnes() {
		this.runner.run((context) -> {
			connect(context);
			int loops = DriverContext.loops(context, LettuceLoops.COMPONENT).size();
			ConfigurableApplicationContext running = context.getSourceApplicationContext();
			running.stop();
			awaitNoLoops();
			assertThat(DriverContext.loops(context, LettuceLoops.COMPONENT)).isEmpty();
			running.start();
			connect(context);
			assertThat(DriverContext.loops(context, LettuceLoops.COMPONENT)).hasSize(loops);
			DriverContext.assertMeasuredExactly(context, LettuceLoops.COMPONENT, "lettuce", LoopRole.CLIENT);
		});
	}

	@Test
	void whenConnectionIsLostShouldReconnectOnLoopsOfTheSameGroup() {
		this.runner.run((context) -> {
			connect(context);
			int loops = DriverContext.groups(context);
			try (RedisClient other = RedisClient.create(RedisURI.create("127.0.0.1", PORT));
					StatefulRedisConnection<String, String> connection = other.connect()) {
				assertThat(connection.sync().clientKill(KillArgs.Builder.typeNormal())).isPositive();
			}
			connect(context);
			assertThat(DriverContext.groups(context)).isEqualTo(loops);
			DriverContext.assertMeasuredExactly(context, LettuceLoops.COMPONENT, "lettuce", LoopRole.CLIENT);
		});
	}

	@Test
	void whenThereAreTwoContextsEachShouldHaveItsLoops() {
		this.runner.run((first) -> {
			connect(first);
			List<String> before = names(first);
			this.runner.run((second) -> {
				connect(second);
				assertThat(names(second)).isNotEmpty().doesNotContainAnyElementsOf(before);
				assertThat(names(first)).isEqualTo(before);
			});
			connect(first);
			assertThat(names(first)).isEqualTo(before);
		});
	}

	private static List<String> names(ApplicationContext context) {
		return DriverContext.startedLoops(context, LettuceLoops.COMPONENT).stream().map(LoopSnapshot::name).toList();
	}

	@Test
	void whenPropertyIsSetThenLoopsShouldCount() {
		this.runner.withPropertyValues("eventloop.drivers.count-in-status=true").run((context) -> {
			connect(context);
			assertThat(DriverContext.loops(context, LettuceLoops.COMPONENT)).isNotEmpty()
				.allMatch((loop) -> loop.counted() && loop.roles().contains(LoopRole.DRIVER));
		});
	}

	@Test
	void builderThatHasChangedShouldKeepItsDefault(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientResources.Builder unknown = (ClientResources.Builder) Proxy.newProxyInstance(
					getClass().getClassLoader(), new Class<?>[] { ClientResources.Builder.class },
					(proxy, method, arguments) -> {
						throw new NoSuchMethodError(method.getName());
					});
			context.getBean(LettuceLoopsCustomizer.class).customize(unknown);
			assertThat(output).contains("The event loops of Lettuce cannot be measured exactly")
				.contains("eventloop.drivers.lettuce.enabled=false");
		});
	}

	private static void connect(ApplicationContext context) {
		redis(context).opsForValue().set("key", "value").block();
	}

	private static ReactiveStringRedisTemplate redis(ApplicationContext context) {
		return context.getBean(ReactiveStringRedisTemplate.class);
	}

	private static ClientResources resources(ApplicationContext context) {
		return context.getBean(ClientResources.class);
	}

}
