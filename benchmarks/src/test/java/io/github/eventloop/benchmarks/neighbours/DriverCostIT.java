package io.github.eventloop.benchmarks.neighbours;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Estimate;
import io.github.eventloop.benchmarks.Program;
import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.LettuceLoops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The CPU time that the loop of Lettuce takes for a command, with a monitored loop and
 * without: two clients in one JVM take turns, so that both have the same conditions.
 * Prints the figures. On an idle machine, they are those of the documentation.
 */
@Timeout(180)
class DriverCostIT {

	private static final int COMMANDS = 5_000;

	private static final int WARM_UPS = 10;

	private static final int ROUNDS = 40;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	@TempDir
	private Path directory;

	@Test
	void monitoredLoopShouldCostMuchTheSame() throws Exception {
		assumeTrue(Program.find("redis-server").isPresent(), "Needs Redis: benchmarks/install redis-server");
		Path socket = this.directory.resolve("redis.sock");
		try (ChildProcess redis = ChildProcess.start("redis", this.directory, List.of(Program.path("redis-server"),
				"--port", "0", "--unixsocket", socket.toString(), "--save", "", "--dir", this.directory.toString()))) {
			redis.await("accept connections", Duration.ofSeconds(10));
			try (Client stock = new Client(new DefaultEventLoopGroupProvider(1), socket);
					Client same = new Client(new DefaultEventLoopGroupProvider(1), socket);
					Client monitored = new Client(new LettuceLoops(new DriverLoops(false), 1), socket)) {
				List<Double> noise = new ArrayList<>();
				List<Double> ratios = new ArrayList<>();
				List<Double> costs = new ArrayList<>();
				for (int round = -WARM_UPS; round < ROUNDS; round++) {
					// The one in the middle is compared with those around it.
					double before = stock.cost();
					double cost = monitored.cost();
					double after = same.cost();
					if (round >= 0) {
						costs.add((before + after) / 2000);
						ratios.add(2 * cost / (before + after));
						noise.add(after / before);
					}
				}
				System.out.printf(
						"A Redis command takes %s us of CPU time on a loop of Lettuce, on a monitored loop %s times as much; of two equal loops, one takes %s times as much as the other%n",
						Estimate.of(costs), Estimate.of(ratios), Estimate.of(noise));
				assertThat(Estimate.of(ratios).mean()).isBetween(0.7, 1.3);
			}
		}
	}

	/**
	 * A client with one loop and one connection.
	 */
	private static final class Client implements AutoCloseable {

		private final ClientResources resources;

		private final RedisClient client;

		private final StatefulRedisConnection<String, String> connection;

		private final long loop;

		Client(EventLoopGroupProvider provider, Path socket) throws Exception {
			this.resources = DefaultClientResources.builder().eventLoopGroupProvider(provider).build();
			this.client = RedisClient.create(this.resources, "redis-socket://" + socket);
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

		/** Return the CPU time of the loop for a command, in nanoseconds. */
		double cost() throws Exception {
			CompletableFuture<Void> done = new CompletableFuture<>();
			long before = THREADS.getThreadCpuTime(this.loop);
			next(COMMANDS, done);
			done.get(60, TimeUnit.SECONDS);
			return (double) (THREADS.getThreadCpuTime(this.loop) - before) / COMMANDS;
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

}
