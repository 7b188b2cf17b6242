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
 * An application that prints the measurements of its start, once all its loops are
 * running.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
public class StartedApplication {

	static final String TAKEN = "Start has taken: ";

	/**
	 * Start the application.
	 * @param arguments properties
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(new Class<?>[] { IdleApplication.class, StartedApplication.class }, arguments);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> startReporter() {
		return new StartReporter();
	}

	/**
	 * A listener that prints the measurements. Not a lambda, because the event type of a
	 * lambda cannot be resolved.
	 */
	private static final class StartReporter implements ApplicationListener<ApplicationReadyEvent> {

		@Override
		public void onApplicationEvent(ApplicationReadyEvent event) {
			long nanos = Objects.requireNonNull(event.getTimeTaken()).toNanos();
			long cpuNanos = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
			long classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
			// Twice, because references and cleaners free objects after the first
			// collection.
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
