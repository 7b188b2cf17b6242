package io.github.eventloop.benchmarks.cost;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import jdk.jfr.FlightRecorder;
import jdk.jfr.RecordingState;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.blocking.internal.JfrBlockingDetector;
import io.github.eventloop.monitor.EventLoopMonitor;

/**
 * An application with a minimal route, started once for each {@link Side} in the same
 * JVM: two JVMs differ by more than the effect to be measured, because of what they
 * compile and their memory layout.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ComparedApplication {

	static final String READY = "All are ready: ";

	/** Names of beans to remove from an application. */
	static final String WITHOUT = "compared.without";

	/** Whether an application has a filter that does nothing. */
	static final String FILTER = "compared.filter";

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/**
	 * Start sides one after the other, and print their ports.
	 * @param arguments the names of the sides
	 */
	public static void main(String[] arguments) {
		System.out.println(READY + Arrays.stream(arguments)
			.map(Side::valueOf)
			.map((side) -> SpringApplication.run(ComparedApplication.class, side.arguments()))
			.map((context) -> context.getEnvironment().getProperty("local.server.port"))
			.collect(Collectors.joining(" ")) + ".");
	}

	@Bean
	@ConditionalOnBooleanProperty(FILTER)
	WebFilter filter() {
		return (exchange, chain) -> chain.filter(exchange);
	}

	@Bean
	static BeanDefinitionRegistryPostProcessor without(Environment environment) {
		return (registry) -> Stream.of(environment.getProperty(WITHOUT, String[].class, new String[0]))
			.forEach(registry::removeBeanDefinition);
	}

	/** Give each application its own loops. */
	@Bean
	static BeanPostProcessor ownLoops() {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String name) {
				if (bean instanceof ReactorResourceFactory factory) {
					factory.setUseGlobalResources(false);
				}
				return bean;
			}

		};
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route().GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello")).build();
	}

	/**
	 * Return a route for the number of bytes that its loop has allocated so far.
	 */
	@Bean
	RouterFunction<ServerResponse> allocated() {
		return RouterFunctions.route()
			.GET("/allocated",
					(request) -> ServerResponse.ok().bodyValue(Long.toString(THREADS.getCurrentThreadAllocatedBytes())))
			.build();
	}

	/**
	 * Return routes that start and stop the detection of blocking calls, configured as by
	 * the auto-configuration.
	 */
	@Bean
	RouterFunction<ServerResponse> recording(ObjectProvider<EventLoopMonitor> monitors,
			ObjectProvider<BlockingCalls> calls) {
		AtomicReference<BlockingDetector> detector = new AtomicReference<>(BlockingDetector.none());
		return RouterFunctions.route().GET("/recording", (request) -> {
			boolean recording = FlightRecorder.getFlightRecorder()
				.getRecordings()
				.stream()
				.anyMatch((candidate) -> candidate.getState() == RecordingState.RUNNING);
			return ServerResponse.ok().bodyValue(Boolean.toString(recording));
		}).POST("/recording", (request) -> {
			BlockingDetector started = new JfrBlockingDetector(monitors.getObject(), calls.getObject(),
					new BlockingSettings(Duration.ofMillis(1)));
			detector.getAndSet(started).close();
			started.start();
			return ServerResponse.ok().build();
		}).DELETE("/recording", (request) -> {
			detector.getAndSet(BlockingDetector.none()).close();
			return ServerResponse.ok().build();
		}).build();
	}

}
