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

import io.github.eventloop.benchmarks.Pause;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;

/**
 * An application with the library, in the JVM of the test.
 */
final class MonitoredApplication implements AutoCloseable {

	/** Longer than any stall threshold in use. */
	private static final Duration BLOCKED_FOR = Duration.ofMillis(500);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final ConfigurableApplicationContext context = SpringApplication.run(Configuration.class, "--server.port=0",
			"--server.address=127.0.0.1");

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/** Block the calling thread. */
	static void block() {
		Pause.of(BLOCKED_FOR);
	}

	/** Return the snapshots of some loops. */
	List<LoopSnapshot> loops(Predicate<LoopSnapshot> which) {
		return bean(EventLoopMonitor.class).snapshot().loops().stream().filter(which).toList();
	}

	/** Wait for the stall that {@link #block()} causes, regardless of other stalls. */
	Stall awaitStall(String loops) {
		return Objects.requireNonNull(Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> bean(StallDetector.class).stalls()
				.stream()
				.filter((stall) -> stall.loop().startsWith(loops) && isExpected(stall))
				.findFirst()
				.orElse(null), Objects::nonNull));
	}

	private static boolean isExpected(Stall stall) {
		return !stall.inProgress() && stall.cause() == StallCause.SLEEPING && stall.code().culprit() != null
				&& stall.code().culprit().className().equals(MonitoredApplication.class.getName());
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** The configuration of the application, in addition to auto-configuration. */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

		/** For a driver that accepts loop resources. */
		@Bean(destroyMethod = "dispose")
		MonitoredLoopResources driverLoops() {
			return MonitoredLoopResources.builder("driver").workerCount(1).build();
		}

	}

}
