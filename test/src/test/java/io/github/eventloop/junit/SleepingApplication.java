package io.github.eventloop.junit;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Application with a handler that sleeps on the event loop of its request.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SleepingApplication {

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/", (request) -> ServerResponse.ok().build())
			.GET("/sleep/{millis}", SleepingApplication::sleep)
			.build();
	}

	private static Mono<ServerResponse> sleep(ServerRequest request) {
		return Mono.fromCallable(() -> {
			Thread.sleep(Long.parseLong(request.pathVariable("millis")));
			return "awake";
		}).flatMap((text) -> ServerResponse.ok().bodyValue(text));
	}

}
