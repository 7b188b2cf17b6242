package io.github.eventloop.benchmarks.start;

import java.lang.management.ManagementFactory;
import java.util.Objects;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.benchmarks.idle.IdleApplication;

/**
 * An application that tells what its start has taken, once all its loops run.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
public class StartedApplication {

	static final String TAKEN = "Start has taken: ";

	/**
	 * Start it.
	 * @param arguments properties
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(new Class<?>[] { IdleApplication.class, StartedApplication.class }, arguments);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> teller() {
		return new Teller();
	}

	/**
	 * Tells it. A class, for a lambda does not say what it listens to.
	 */
	private static final class Teller implements ApplicationListener<ApplicationReadyEvent> {

		@Override
		public void onApplicationEvent(ApplicationReadyEvent event) {
			long nanos = Objects.requireNonNull(event.getTimeTaken()).toNanos();
			long cpuNanos = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
			long classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
			// Twice, for what is freed by references and cleaners.
			System.gc();
			System.gc();
			long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
			System.out.println(TAKEN + nanos + " " + cpuNanos + " " + heap + " " + metaspace() + " " + classes + ".");
		}

		private static long metaspace() {
			return ManagementFactory.getMemoryPoolMXBeans()
				.stream()
				.filter((pool) -> pool.getName().equals("Metaspace"))
				.mapToLong((pool) -> pool.getUsage().getUsed())
				.sum();
		}

	}

}
