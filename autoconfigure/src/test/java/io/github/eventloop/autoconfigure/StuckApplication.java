package io.github.eventloop.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;

/**
 * Application whose handlers respond with what another thread could read of the request
 * while the loop was stuck in them.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(StuckApplication.Orders.class)
class StuckApplication {

	static final String DESCRIPTION = "StuckApplication.inspect waits";

	private static final Set<LoopRecorder> recorders = ConcurrentHashMap.newKeySet();

	/**
	 * Start the application as {@code main} would.
	 */
	static ConfigurableApplicationContext run(Class<?>... more) {
		Class<?>[] sources = Stream.concat(Stream.of(StuckApplication.class), Arrays.stream(more))
			.toArray(Class<?>[]::new);
		return new SpringApplicationBuilder(sources).web(WebApplicationType.REACTIVE)
			.run("--spring.main.banner-mode=off", "--server.port=0", "--server.address=127.0.0.1",
					"--server.http2.enabled=true", "--spring.reactor.netty.shutdown-quiet-period=0s");
	}

	/**
	 * Start the application, send a request and stop it. Only takes and returns types of
	 * the JDK, for a class loader that has no others in common with the caller.
	 */
	static String visit(String path) {
		try (ConfigurableApplicationContext context = run()) {
			return Visitor.of(context).get(path).body();
		}
	}

	/** Return the recorders of the loops that have been stuck since the start. */
	static Set<LoopRecorder> recorders() {
		return recorders;
	}

	/**
	 * Block the current loop until another thread has read its request.
	 */
	static String inspect() {
		LoopRecorder recorder = ((MonitoredThread) Thread.currentThread()).recorder();
		recorders.add(recorder);
		return CompletableFuture.supplyAsync(() -> describe(recorder.request())).orTimeout(60, TimeUnit.SECONDS).join();
	}

	private static String describe(ExecutingRequest request) {
		if (request == null) {
			return "no request";
		}
		request.stalled(DESCRIPTION);
		String peer = (request.peer() != null) ? " peer " + request.peer() : "";
		return "route " + request.route() + " trace " + request.traceId() + peer;
	}

	@Bean
	RouterFunction<ServerResponse> functional() {
		return RouterFunctions.route()
			.path("/functional", (routes) -> routes.GET("/{id}", (request) -> ServerResponse.ok().bodyValue(inspect())))
			.build();
	}

	@Bean
	WebFilter stuckBeforeMapping() {
		return (exchange, chain) -> {
			boolean filtered = exchange.getRequest().getPath().value().startsWith("/filtered/");
			return filtered ? answer(exchange, inspect()) : chain.filter(exchange);
		};
	}

	@Bean
	@Order(-2) // Before Spring Boot's.
	WebExceptionHandler stuckOnNotFound() {
		return (exchange,
				ex) -> (ex instanceof ResponseStatusException status && status.getStatusCode() == HttpStatus.NOT_FOUND)
						? answer(exchange, inspect()) : Mono.error(ex);
	}

	private static Mono<Void> answer(ServerWebExchange exchange, String text) {
		return exchange.getResponse()
			.writeWith(Mono.just(exchange.getResponse().bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8))));
	}

	@RestController
	static class Orders {

		@GetMapping("/orders/{id}")
		String order(@PathVariable String id) {
			return inspect();
		}

		@PostMapping("/orders/{id}")
		Mono<String> change(@PathVariable String id, @RequestBody Mono<String> order) {
			return order.map((text) -> text + ": " + inspect());
		}

	}

}
