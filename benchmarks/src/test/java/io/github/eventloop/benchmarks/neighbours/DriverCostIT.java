package io.github.eventloop.benchmarks.neighbours;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.benchmarks.Estimate;
import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.LettuceLoops;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The CPU time that the loop of a driver takes for a command or a query, with a monitored
 * loop and without: clients in one JVM take turns, so that all have the same conditions.
 * Prints the figures. On an idle machine, they are those of the documentation.
 */
@Timeout(180)
class DriverCostIT {

	private static final int WARM_UPS = 10;

	private static final int ROUNDS = 40;

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	@TempDir
	private Path directory;

	@Test
	void monitoredLoopShouldCostMuchTheSameForARedisCommand() throws Exception {
		try (Redis redis = Redis.start(this.directory);
				Commands stock = new Commands(new DefaultEventLoopGroupProvider(1), redis.url());
				Commands same = new Commands(new DefaultEventLoopGroupProvider(1), redis.url());
				Commands monitored = new Commands(new LettuceLoops(new DriverLoops(false), 1), redis.url())) {
			assertCostIsMuchTheSame("A Redis command", stock, same, monitored);
		}
	}

	@Test
	void monitoredLoopShouldCostMuchTheSameForAQuery() throws Exception {
		try (Postgres postgres = Postgres.start(this.directory);
				Queries stock = new Queries(LoopResources.create("stock", 1, true), postgres);
				Queries same = new Queries(LoopResources.create("same", 1, true), postgres);
				Queries monitored = new Queries(
						MonitoredLoopResources.builder("driver").workerCount(1).forDriver("r2dbc", false).build(),
						postgres)) {
			assertCostIsMuchTheSame("A query of PostgreSQL", stock, same, monitored);
		}
	}

	private static void assertCostIsMuchTheSame(String what, Client stock, Client same, Client monitored)
			throws Exception {
		List<Double> noise = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		List<Double> costs = new ArrayList<>();
		for (int round = -WARM_UPS; round < ROUNDS; round++) {
			// The one in the middle is compared with those around it.
			double before = cost(stock);
			double cost = cost(monitored);
			double after = cost(same);
			if (round >= 0) {
				costs.add((before + after) / 2000);
				ratios.add(2 * cost / (before + after));
				noise.add(after / before);
			}
		}
		System.out.printf(
				"%s takes %s us of CPU time on a loop of the driver, on a monitored loop %s times as much; of two equal loops, one takes %s times as much as the other%n",
				what, Estimate.of(costs), Estimate.of(ratios), Estimate.of(noise));
		assertThat(Estimate.of(ratios).mean()).isBetween(0.7, 1.3);
	}

	/** Return the CPU time of the loop for a call, in nanoseconds. */
	private static double cost(Client client) throws Exception {
		long before = THREADS.getThreadCpuTime(client.loop());
		int calls = client.call();
		return (double) (THREADS.getThreadCpuTime(client.loop()) - before) / calls;
	}

	/**
	 * A client with one loop and one connection.
	 */
	private interface Client extends AutoCloseable {

		/** Return the id of the thread of its loop. */
		long loop();

		/** Call the server many times, one call after the other, and return how many. */
		int call() throws Exception;

	}

	private static final class Commands implements Client {

		private static final int COMMANDS = 5_000;

		private final ClientResources resources;

		private final RedisClient client;

		private final StatefulRedisConnection<String, String> connection;

		private final long loop;

		Commands(EventLoopGroupProvider provider, String url) throws Exception {
			this.resources = DefaultClientResources.builder().eventLoopGroupProvider(provider).build();
			this.client = RedisClient.create(this.resources, url);
			this.connection = this.client.connect();
			this.connection.sync().set("price", "42");
			this.loop = threadOfCallback(this.connection.async()).toCompletableFuture().get(10, TimeUnit.SECONDS);
		}

		/** Flushed after the callback is registered, so that the loop calls it. */
		private CompletionStage<Long> threadOfCallback(RedisAsyncCommands<String, String> commands) {
			this.connection.setAutoFlushCommands(false);
			CompletionStage<Long> thread = commands.get("price").thenApply((price) -> Thread.currentThread().getId());
			this.connection.flushCommands();
			this.connection.setAutoFlushCommands(true);
			return thread;
		}

		@Override
		public long loop() {
			return this.loop;
		}

		@Override
		public int call() throws Exception {
			CompletableFuture<Void> done = new CompletableFuture<>();
			next(COMMANDS, done);
			done.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			return COMMANDS;
		}

		private void next(int remaining, CompletableFuture<Void> done) {
			if (remaining == 0) {
				done.complete(null);
				return;
			}
			this.connection.async().get("price").whenComplete((price, failure) -> {
				if (failure != null) {
					done.completeExceptionally(failure);
				}
				else {
					next(remaining - 1, done);
				}
			});
		}

		@Override
		public void close() throws Exception {
			this.connection.close();
			this.client.shutdown();
			this.resources.shutdown(0, 1, TimeUnit.SECONDS).get();
		}

	}

	private static final class Queries implements Client {

		private static final int QUERIES = 1_000;

		private final LoopResources loops;

		private final PostgresqlConnection connection;

		private final long loop;

		Queries(LoopResources loops, Postgres server) {
			this.loops = loops;
			this.connection = Objects
				.requireNonNull(new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
					.host("127.0.0.1")
					.port(server.port())
					.username(Postgres.USER)
					.database(Postgres.DATABASE)
					.loopResources(loops)
					.build()).create().block(TIMEOUT));
			this.loop = Objects.requireNonNull(query().map((price) -> Thread.currentThread().getId()).block(TIMEOUT));
		}

		private Mono<Integer> query() {
			return this.connection.createStatement("SELECT 42")
				.execute()
				.flatMap((result) -> result.map((row, metadata) -> row.get(0, Integer.class)))
				.single();
		}

		@Override
		public long loop() {
			return this.loop;
		}

		@Override
		public int call() {
			Mono.defer(this::query).repeat(QUERIES - 1).then().block(TIMEOUT);
			return QUERIES;
		}

		@Override
		public void close() {
			this.connection.close().block(TIMEOUT);
			this.loops.dispose();
		}

	}

}
