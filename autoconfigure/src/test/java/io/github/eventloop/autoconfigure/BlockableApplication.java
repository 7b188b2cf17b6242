package io.github.eventloop.autoconfigure;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import io.github.eventloop.health.EventLoopStatusChangedEvent;

/**
 * Application whose event loops can be blocked by a request.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class BlockableApplication {

	private final List<EventLoopStatusChangedEvent> events = new CopyOnWriteArrayList<>();

	/**
	 * Start the application as {@code main} would: {@code @SpringBootTest} gives an
	 * application loops that it would not have otherwise. Unless a test overrides it,
	 * connections are not drained, so that clients stay on their loops.
	 */
	static ConfigurableApplicationContext run(String... properties) {
		return run(List.of(), properties);
	}

	/** Start the application with additional beans. */
	static ConfigurableApplicationContext run(List<Class<?>> additional, String... properties) {
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream
			.concat(Stream.of("spring.main.banner-mode=off", "server.port=0", "server.address=127.0.0.1",
					"spring.reactor.netty.shutdown-quiet-period=0s", "eventloop.readiness.close-connections=false"),
					Arrays.stream(properties))
			.forEach((property) -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
		return new SpringApplicationBuilder(BlockableApplication.class).sources(additional.toArray(Class<?>[]::new))
			.web(WebApplicationType.REACTIVE)
			.run(arguments.values().toArray(String[]::new));
	}

	@Bean
	RouterFunction<ServerResponse> routes(WebClient.Builder clients) {
		WebClient client = clients.build();
		return RouterFunctions.route()
			.GET("/loop", (request) -> answer(Thread.currentThread().getName()))
			.GET("/loop-after-call", (request) -> call(client, request))
			.GET("/block/{millis}", BlockableApplication::block)
			.build();
	}

	// On a new connection: a pooled one stays on the loop on which it was opened.
	private static Mono<ServerResponse> call(WebClient client, ServerRequest request) {
		return client.get()
			.uri(request.uri().resolve("/loop"))
			.header(HttpHeaders.CONNECTION, "close")
			.retrieve()
			.bodyToMono(String.class)
			.flatMap((loop) -> answer(Thread.currentThread().getName()));
	}

	private static Mono<ServerResponse> block(ServerRequest request) {
		return Mono.fromCallable(() -> {
			Thread.sleep(Long.parseLong(request.pathVariable("millis")));
			return Thread.currentThread().getName();
		}).flatMap(BlockableApplication::answer);
	}

	private static Mono<ServerResponse> answer(String text) {
		return ServerResponse.ok().bodyValue(text);
	}

	@EventListener
	void onStatusChanged(EventLoopStatusChangedEvent event) {
		this.events.add(event);
	}

	List<EventLoopStatusChangedEvent> events() {
		return List.copyOf(this.events);
	}

}
