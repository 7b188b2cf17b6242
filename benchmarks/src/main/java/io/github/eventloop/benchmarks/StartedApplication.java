package io.github.eventloop.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Objects;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/**
 * An application that prints the measurements of its start, once all its loops are
 * running.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
public class StartedApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(new Class<?>[] { IdleApplication.class, StartedApplication.class }, arguments);
	}

	@EventListener
	void report(ApplicationReadyEvent event) {
		long nanos = Objects.requireNonNull(event.getTimeTaken()).toNanos();
		long cpuNanos = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
		long classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
		// Twice, because references and cleaners free objects after the first collection.
		System.gc();
		System.gc();
		long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		long metaspace = ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getName().equals("Metaspace"))
			.mapToLong((pool) -> pool.getUsage().getUsed())
			.sum();
		System.out.println(JsonMapper.shared()
			.writeValueAsString(new Start(nanos / 1e6, cpuNanos / 1e6, heap, metaspace, classes)));
	}

	/**
	 * The time and memory of one start.
	 *
	 * @param millis the duration, as reported by Spring Boot
	 * @param cpuMillis CPU time of the process until then
	 * @param heap bytes, after a garbage collection
	 */
	record Start(double millis, double cpuMillis, double heap, double metaspace, double classes) {
	}

}
