package io.github.eventloop.benchmarks.neighbours;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.benchmarks.process.Pause;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallWatch;

/**
 * An application with the library, in the JVM of the test.
 */
final class WatchedApplication implements AutoCloseable {

	/** Long enough to be found by any threshold in use. */
	private static final Duration BLOCKADE = Duration.ofMillis(500);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ConfigurableApplicationContext context = SpringApplication.run(Configuration.class, "--server.port=0",
			"--server.address=127.0.0.1");

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Block the calling thread, as nobody should.
	 */
	static void block() {
		Pause.of(BLOCKADE);
	}

	/**
	 * Return how some loops are.
	 * @param which tells whether a loop is meant
	 * @return those loops
	 */
	List<LoopSnapshot> loops(Predicate<LoopSnapshot> which) {
		return bean(EventLoopMonitor.class).snapshot().loops().stream().filter(which).toList();
	}

	/**
	 * Wait for a {@link #block() blockade} to be told of, whatever else stalls meanwhile.
	 * @param loops what the name of its loop begins with
	 * @return the stall
	 */
	Stall awaitBlockade(String loops) {
		return Objects.requireNonNull(Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> bean(StallWatch.class).stalls()
				.stream()
				.filter((stall) -> stall.loop().startsWith(loops) && isBlockade(stall))
				.findFirst()
				.orElse(null), Objects::nonNull));
	}

	private static boolean isBlockade(Stall stall) {
		return !stall.inProgress() && stall.cause() == StallCause.SLEEPING && stall.culprit() != null
				&& stall.culprit().className().equals(WatchedApplication.class.getName());
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What it consists of, beside what is made by itself.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		/** For a driver that takes them. */
		@Bean(destroyMethod = "dispose")
		MonitoredLoopResources driverLoops() {
			return MonitoredLoopResources.create("driver", 1, true);
		}

	}

}
