package io.github.eventloop.benchmarks;

import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * An application whose loops have all started and have nothing to do.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class IdleApplication {

	/** Prefix of the names of the threads of external loops. */
	static final String EXTERNAL_LOOPS = "external-loop";

	private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	public static void main(String[] arguments) {
		SpringApplication.run(IdleApplication.class, arguments);
	}

	@Bean
	ApplicationRunner startLoops(ReactorResourceFactory factory, Environment environment) {
		boolean probed = environment.getProperty("probe", Boolean.class, false);
		return (arguments) -> {
			for (EventExecutor loop : factory.getLoopResources().onServer(true)) {
				Future<?> started = probed
						? loop.scheduleAtFixedRate(new Probe(), INTERVAL_NANOS, INTERVAL_NANOS, TimeUnit.NANOSECONDS)
						: loop.submit(() -> {
						});
				if (!probed) {
					started.syncUninterruptibly();
				}
			}
		};
	}

	/** Loops such as a driver creates if it is not given any. */
	@Bean
	@ConditionalOnProperty("external")
	static EventLoopGroup externalLoops(@Value("${external}") int loops) {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(EXTERNAL_LOOPS, true),
				NioIoHandler.newFactory());
		for (EventExecutor loop : group) {
			loop.submit(() -> {
			}).syncUninterruptibly();
		}
		return group;
	}

	/**
	 * A common way to measure lag: a task that runs at a fixed rate on a loop and
	 * measures how late it is. There is one instance for each loop.
	 */
	private static final class Probe implements Runnable {

		private long due = System.nanoTime() + INTERVAL_NANOS;

		private long latest;

		@Override
		public void run() {
			this.latest = Math.max(this.latest, System.nanoTime() - this.due);
			this.due += INTERVAL_NANOS;
		}

	}

}
