package io.github.eventloop.benchmarks.neighbours;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.netty.channel.EventLoopGroup;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.netty.ExternalLoops;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lettuce with a real Redis: the driver creates its own loops, which are monitored
 * approximately once its provider registers them as described in the documentation.
 */
@Timeout(60)
class RedisIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@TempDir
	private Path directory;

	@Test
	void callbackThatBlocksShouldBeNamed() throws Exception {
		try (Redis redis = Redis.start(this.directory); MonitoredApplication application = new MonitoredApplication()) {
			ClientResources resources = DefaultClientResources.builder()
				.eventLoopGroupProvider(new MonitoredProvider(application.bean(ExternalLoops.class)))
				.build();
			try (RedisClient client = RedisClient.create(resources, redis.url());
					StatefulRedisConnection<String, String> connection = client.connect()) {
				setAndBlock(connection);
				assertThat(connection.sync().get("price")).isEqualTo("42");
				Stall stall = application.awaitStall("lettuce-epollEventLoop-");
				assertThat(application.loops((loop) -> loop.name().equals(stall.loop()))).singleElement()
					.satisfies((loop) -> assertThat(loop.approximate()).isTrue());
			}
			finally {
				resources.shutdown(0, 1, TimeUnit.SECONDS).get();
			}
			Awaitility.await()
				.atMost(TIMEOUT)
				.until(() -> application.loops((loop) -> loop.name().startsWith("lettuce-")).isEmpty());
		}
	}

	/**
	 * Commands are flushed after the callback has been registered: otherwise it might run
	 * on the calling thread.
	 */
	private static void setAndBlock(StatefulRedisConnection<String, String> connection) throws Exception {
		connection.setAutoFlushCommands(false);
		CompletableFuture<Void> done = connection.async()
			.set("price", "42")
			.thenRun(MonitoredApplication::block)
			.toCompletableFuture();
		connection.flushCommands();
		connection.setAutoFlushCommands(true);
		done.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static final class MonitoredProvider extends DefaultEventLoopGroupProvider {

		private final ExternalLoops external;

		MonitoredProvider(ExternalLoops external) {
			super(1);
			this.external = external;
		}

		@Override
		public <T extends EventLoopGroup> T allocate(Class<T> type) {
			T group = super.allocate(type);
			this.external.add("lettuce", group);
			return group;
		}

	}

}
