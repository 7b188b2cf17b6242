package io.github.eventloop.autoconfigure;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import io.netty.channel.EventLoop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.Disposable;

import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the library adds to a request of the application, in bytes that its
 * event loop allocates: unlike time, that is the same on every machine.
 */
class RequestCostTests {

	private static final int REQUESTS = 500;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final MonitoredLoopResources resources = MonitoredLoopResources.builder("cost")
		.workerCount(1)
		.build();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				ApplicationAvailabilityAutoConfiguration.class, WebFluxAutoConfiguration.class,
				HttpHandlerAutoConfiguration.class, EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				ManagementContextAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
				HealthEndpointAutoConfiguration.class))
		.withConfiguration(Library.autoConfigurations())
		.withUserConfiguration(HelloConfiguration.class)
		.withPropertyValues("management.endpoints.web.exposure.include=health,eventloop");

	@AfterAll
	static void dispose() {
		resources.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void requestShouldAllocateNoMoreThanWithoutTheLibrary() {
		long without = bytes("eventloop.enabled=false");
		long tracked = bytes("eventloop.management.match-base-path-first=false",
				"management.endpoints.web.exposure.include=health");
		long exposed = bytes("eventloop.management.match-base-path-first=false");
		long defaults = bytes();
		assertThat(tracked).as("with tracking").isBetween(without, without + 300);
		assertThat(exposed).as("with the endpoint").isBetween(tracked, tracked + 2_600);
		assertThat(defaults).as("with defaults").isBetween(without - 3_000, without - 1_000);
	}

	private long bytes(String... properties) {
		long[] bytes = new long[1];
		this.contextRunner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			HttpHandler handler = context.getBean(HttpHandler.class);
			EventLoop loop = resources.onServer(true).next();
			// The first requests load classes and fill caches.
			loop.submit(() -> new Requests(handler)).get();
			Requests requests = loop.submit(() -> new Requests(handler)).get();
			assertThat(requests.responses)
				.allSatisfy((response) -> assertThat(response.getBodyAsString().block()).isEqualTo("hello"));
			bytes[0] = requests.bytes / REQUESTS;
		});
		return bytes[0];
	}

	/** Requests that the current thread handles, one after the other. */
	private static final class Requests {

		private final List<MockServerHttpRequest> requests = Stream
			.generate(() -> MockServerHttpRequest.get("/hello").build())
			.limit(REQUESTS)
			.toList();

		private final List<MockServerHttpResponse> responses = Stream.generate(MockServerHttpResponse::new)
			.limit(REQUESTS)
			.toList();

		private final List<Disposable> subscriptions = new ArrayList<>(REQUESTS);

		private final long bytes;

		Requests(HttpHandler handler) {
			long before = threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < REQUESTS; i++) {
				this.subscriptions.add(handler.handle(this.requests.get(i), this.responses.get(i)).subscribe());
			}
			this.bytes = threads.getCurrentThreadAllocatedBytes() - before;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HelloConfiguration {

		@Bean
		RouterFunction<ServerResponse> hello() {
			return RouterFunctions.route().GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello")).build();
		}

	}

}
