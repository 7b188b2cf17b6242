package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.test.util.TestSocketUtils;
import redis.embedded.RedisServer;

import io.github.eventloop.drivers.LettuceLoops;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops of Lettuce with a Redis Cluster of three nodes.
 */
class LettuceClusterIntegrationTests {

	private static final int NODES = 3;

	private static final int SLOTS = 16_384;

	/** The port of the cluster bus is this much higher. */
	private static final int BUS = 10_000;

	private static final int HIGHEST_PORT = 65_535;

	private static final List<RedisServer> servers = new ArrayList<>();

	private static List<Integer> ports;

	private final ApplicationContextRunner runner = DriverContext.runner(EventLoopLettuceAutoConfiguration.class)
		.withConfiguration(
				AutoConfigurations.of(DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class))
		.withPropertyValues(
				"spring.data.redis.cluster.nodes="
						+ ports.stream().map((port) -> "127.0.0.1:" + port).collect(Collectors.joining(",")),
				"spring.data.redis.cluster.max-redirects=2", "spring.data.redis.lettuce.cluster.refresh.adaptive=true",
				"spring.data.redis.lettuce.cluster.refresh.period=30s",
				"spring.data.redis.lettuce.shutdown-timeout=0s");

	@BeforeAll
	static void startCluster(@TempDir Path directory) throws IOException {
		ports = Stream.generate(TestSocketUtils::findAvailableTcpPort)
			.filter((port) -> port + BUS <= HIGHEST_PORT)
			.distinct()
			.limit(NODES)
			.toList();
		for (int port : ports) {
			RedisServer server = RedisServer.newRedisServer()
				.port(port)
				.bind("127.0.0.1")
				.setting("dir " + directory)
				.setting("cluster-enabled yes")
				.setting("cluster-config-file nodes-" + port + ".conf")
				.build();
			servers.add(server);
			server.start();
		}
		for (int i = 0; i < NODES; i++) {
			join(i);
		}
		Awaitility.await().atMost(DriverContext.LIMIT).until(() -> ports.stream().allMatch((port) -> isComplete(port)));
	}

	/** Let a node serve its part of the slots, and meet the first one. */
	private static void join(int node) {
		try (RedisClient client = client(ports.get(node));
				StatefulRedisConnection<String, String> connection = client.connect()) {
			connection.sync()
				.clusterAddSlots(IntStream.range(SLOTS * node / NODES, SLOTS * (node + 1) / NODES).toArray());
			connection.sync().clusterMeet("127.0.0.1", ports.get(0));
		}
	}

	private static boolean isComplete(int port) {
		try (RedisClient client = client(port); StatefulRedisConnection<String, String> connection = client.connect()) {
			return connection.sync().clusterInfo().contains("cluster_state:ok");
		}
	}

	private static RedisClient client(int port) {
		return RedisClient.create(RedisURI.create("127.0.0.1", port));
	}

	@AfterAll
	static void stopCluster() throws IOException {
		for (RedisServer server : servers) {
			server.stop();
		}
		servers.clear();
	}

	@Test
	void loopsOfAllNodesShouldBeMeasuredExactly() {
		this.runner.run((context) -> {
			List<String> keys = IntStream.range(0, 20).mapToObj((number) -> "key-" + number).toList();
			keys.forEach((key) -> redis(context).opsForValue().set(key, "value").block());
			assertThat(keys)
				.allSatisfy((key) -> assertThat(redis(context).opsForValue().get(key).block()).isEqualTo("value"));
			assertThat(nodesWithKeys()).isEqualTo(NODES);
			DriverContext.assertMeasuredExactly(context, LettuceLoops.COMPONENT, "lettuce", LoopRole.CLIENT);
			Stall stall = DriverContext.awaitStall(context, LettuceLoops.COMPONENT,
					() -> redis(context).opsForValue().get("key-1").doOnNext((value) -> DriverContext.block()).block());
			assertThat(stall.requests().peer()).isIn(ports.stream().map((port) -> "127.0.0.1:" + port).toArray());
		});
	}

	private static long nodesWithKeys() {
		return ports.stream().filter((port) -> {
			try (RedisClient client = client(port);
					StatefulRedisConnection<String, String> connection = client.connect()) {
				return connection.sync().dbsize() > 0;
			}
		}).count();
	}

	@Test
	void settingsOfTheClusterShouldKeepTheirEffect() {
		List<String> settings = new ArrayList<>();
		for (String enabled : List.of("true", "false")) {
			this.runner.withPropertyValues("eventloop.drivers.lettuce.enabled=" + enabled).run((context) -> {
				LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
				ClusterClientOptions options = (ClusterClientOptions) factory.getClientConfiguration()
					.getClientOptions()
					.orElseThrow();
				settings.add(options.getTopologyRefreshOptions().getRefreshPeriod() + " "
						+ options.getTopologyRefreshOptions().getAdaptiveRefreshTriggers() + " redirects: "
						+ factory.getClusterConfiguration().getMaxRedirects());
			});
		}
		assertThat(settings.get(0)).contains("PT30S").endsWith("redirects: 2").isEqualTo(settings.get(1));
	}

	private static ReactiveStringRedisTemplate redis(ApplicationContext context) {
		return context.getBean(ReactiveStringRedisTemplate.class);
	}

}
