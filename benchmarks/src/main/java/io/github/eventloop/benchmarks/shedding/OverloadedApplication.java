package io.github.eventloop.benchmarks.shedding;

import java.time.Duration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import io.github.eventloop.shedding.SheddingPolicy;

/**
 * An application with a route that computes on the loop for a given time, so that its
 * capacity is known: a thousand milliseconds per second.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class OverloadedApplication {

	/**
	 * Start the application.
	 * @param arguments properties
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(OverloadedApplication.class, arguments);
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/work/{millis}", OverloadedApplication::work)
			.GET("/nothing", (request) -> ServerResponse.noContent().build())
			.build();
	}

	private static Mono<ServerResponse> work(ServerRequest request) {
		long end = System.nanoTime() + Duration.ofMillis(Long.parseLong(request.pathVariable("millis"))).toNanos();
		while (System.nanoTime() < end) {
			Thread.onSpinWait();
		}
		return ServerResponse.noContent().build();
	}

	@Bean
	@ConditionalOnProperty(name = "policy", havingValue = "on-off")
	SheddingPolicy onOffPolicy() {
		return new OnOffPolicy(Duration.ofMillis(50));
	}

	@Bean
	@ConditionalOnProperty(name = "policy", havingValue = "smoothed")
	SheddingPolicy smoothedPolicy() {
		return new SmoothedPolicy(Duration.ofMillis(70));
	}

}
