package io.github.eventloop.benchmarks.idle;

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
 * An application whose loops have all started, and have nothing to do.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class IdleApplication {

	/** What the names of their threads begin with. */
	static final String FOREIGN_LOOPS = "foreign-loop";

	private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/**
	 * Start it.
	 * @param arguments properties
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(IdleApplication.class, arguments);
	}

	@Bean
	ApplicationRunner startOfTheLoops(ReactorResourceFactory factory, Environment environment) {
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

	/** As a driver has them that was not given any. */
	@Bean
	@ConditionalOnProperty("foreign")
	static EventLoopGroup foreignLoops(@Value("${foreign}") int loops) {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, new DefaultThreadFactory(FOREIGN_LOOPS, true),
				NioIoHandler.newFactory());
		for (EventExecutor loop : group) {
			loop.submit(() -> {
			}).syncUninterruptibly();
		}
		return group;
	}

	/**
	 * What others do: a task at a fixed rate on each loop, to see how late it is. Each
	 * belongs to one loop.
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
