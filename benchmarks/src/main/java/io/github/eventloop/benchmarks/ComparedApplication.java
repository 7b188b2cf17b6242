package io.github.eventloop.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import jdk.jfr.FlightRecorder;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;
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
import reactor.netty.http.client.HttpClient;

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

	/** Start sides one after the other, all with the options, and print their ports. */
	public static void main(String[] arguments) {
		List<String> options = Arrays.stream(arguments).filter(ComparedApplication::isOption).toList();
		System.out.println(READY + Arrays.stream(arguments)
			.filter(Predicate.not(ComparedApplication::isOption))
			.map(Side::valueOf)
			.map((side) -> SpringApplication.run(ComparedApplication.class, side.arguments(options)))
			.map((context) -> context.getEnvironment().getProperty("local.server.port"))
			.collect(Collectors.joining(" ")) + ".");
	}

	private static boolean isOption(String argument) {
		return argument.startsWith("--");
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

	/** Give each application its own loops, and its HTTP client the same. */
	@Bean
	static BeanPostProcessor ownLoops(ObjectProvider<ReactorResourceFactory> factories) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String name) {
				if (bean instanceof ReactorResourceFactory factory) {
					factory.setUseGlobalResources(false);
				}
				return bean;
			}

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof HttpClient client) ? client.runOn(factories.getObject().getLoopResources())
						: bean;
			}

		};
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route().GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello")).build();
	}

	/** A route for the number of bytes that its loop has allocated so far. */
	@Bean
	RouterFunction<ServerResponse> allocated() {
		return RouterFunctions.route()
			.GET("/allocated",
					(request) -> ServerResponse.ok().bodyValue(Long.toString(THREADS.getCurrentThreadAllocatedBytes())))
			.build();
	}

	/** Routes that start and stop the detection of blocking calls, as auto-configured. */
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

	/**
	 * One of the compared servers, all of which run in one JVM.
	 */
	enum Side {

		/** Without the library. */
		STOCK("without the library", null, "eventloop.enabled=false"),

		/** The same again: the difference between the two is noise. */
		STOCK_TOO("the same once more", STOCK, "eventloop.enabled=false"),

		/** With the cost of any filter. */
		FILTERED("without it, but with a filter that does nothing", null, "eventloop.enabled=false",
				ComparedApplication.FILTER + "=true"),

		/** With loops that record their iterations and are monitored. */
		LOOPS("loops monitored", null, ComparedApplication.WITHOUT + "=eventLoopRequestTracking", Side.KEPT,
				Side.UNEXPOSED, Side.ACTUATORS),

		/**
		 * With the decorator that counts requests in flight and attributes stalls to
		 * requests.
		 */
		REQUESTS("and requests tracked", LOOPS, Side.KEPT, Side.UNEXPOSED, Side.ACTUATORS),

		/** With the observer that closes connections when out of service. */
		CONNECTIONS("and connections closed when out of service", REQUESTS, Side.UNEXPOSED, Side.ACTUATORS),

		/**
		 * With the endpoint on the port of the application, found by Actuator's own
		 * mapping.
		 */
		ENDPOINT("and the endpoint", CONNECTIONS, Side.ACTUATORS),

		/**
		 * With the base path of Actuator matched first: everything that is enabled by
		 * default.
		 */
		DEFAULTS("and Actuator's base path matched first: the defaults", ENDPOINT),

		/** With shedding enabled, at thresholds that accept all requests. */
		SHEDDING("and shedding", DEFAULTS, "eventloop.shedding.enabled=true", "eventloop.shedding.start-lag=30s",
				"eventloop.shedding.full-lag=60s");

		private static final String KEPT = "eventloop.readiness.close-connections=false";

		private static final String ACTUATORS = "eventloop.management.match-base-path-first=false";

		private static final String UNEXPOSED = "management.endpoint.eventloop.access=none";

		private final String title;

		private final @Nullable Side base;

		@SuppressWarnings("ImmutableEnumChecker") // the list is
		private final List<String> properties;

		Side(String title, @Nullable Side base, String... properties) {
			this.title = title;
			this.base = base;
			this.properties = List.of(properties);
		}

		/** Return the title of the side in tables. */
		String title() {
			return this.title;
		}

		/**
		 * Return the side that this one adds a feature to, or empty for the mean of both
		 * sides without the library.
		 */
		Optional<Side> base() {
			return Optional.ofNullable(this.base);
		}

		String[] arguments(List<String> options) {
			return Stream
				.concat(options.stream(),
						Stream.concat(Stream.of("server.port=0", "server.address=127.0.0.1"), this.properties.stream())
							.map((property) -> "--" + property))
				.toArray(String[]::new);
		}

	}

}
