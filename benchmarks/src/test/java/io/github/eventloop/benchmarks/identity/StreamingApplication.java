package io.github.eventloop.benchmarks.identity;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.error.ErrorAttributeOptions;
import org.springframework.boot.webflux.error.DefaultErrorAttributes;
import org.springframework.boot.webflux.error.ErrorAttributes;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * An application that uses all kinds of responses, and always answers the same request
 * with the same bytes.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StreamingApplication {

	private static final int CHUNK = 16 * 1024;

	private final AtomicInteger cancellations = new AtomicInteger();

	/** Start the application as {@code main} would. */
	static ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(StreamingApplication.class).web(WebApplicationType.REACTIVE)
			.run(Stream.concat(
					Stream.of("--spring.main.banner-mode=off", "--server.port=0", "--server.address=127.0.0.1",
							"--server.http2.enabled=true", "--spring.reactor.netty.shutdown-quiet-period=0s"),
					Stream.of(properties))
				.toArray(String[]::new));
	}

	/** The number of answers that were cancelled by their clients. */
	int cancellations() {
		return this.cancellations.get();
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/text", (request) -> ServerResponse.ok().bodyValue("text with a length"))
			.HEAD("/text", (request) -> ServerResponse.ok().bodyValue("text with a length"))
			.GET("/chunks",
					(request) -> ServerResponse.ok()
						.contentType(MediaType.TEXT_PLAIN)
						.body(Flux.range(0, 20).map((i) -> "chunk " + i + "\n").delayElements(Duration.ofMillis(2)),
								String.class))
			.GET("/events", (request) -> ServerResponse.ok().body(BodyInserters.fromServerSentEvents(events())))
			.GET("/download/{megabytes}", this::download)
			.GET("/refused", (request) -> ServerResponse.status(418).bodyValue("no"))
			.GET("/failing", (request) -> Mono.error(new IllegalStateException("expected by the test")))
			.POST("/upload", StreamingApplication::upload)
			.build();
	}

	/** Without attributes that differ between requests. */
	@Bean
	ErrorAttributes errorAttributes() {
		return new DefaultErrorAttributes() {

			@Override
			public Map<String, Object> getErrorAttributes(ServerRequest request, ErrorAttributeOptions options) {
				Map<String, Object> attributes = super.getErrorAttributes(request, options);
				attributes.keySet().removeAll(List.of("timestamp", "requestId"));
				return attributes;
			}

		};
	}

	@Bean
	HandlerMapping webSockets() {
		WebSocketHandler echo = (session) -> session
			.send(session.receive().map((message) -> session.textMessage("echo " + message.getPayloadAsText())));
		return new SimpleUrlHandlerMapping(Map.of("/socket", echo), -1);
	}

	private static Flux<ServerSentEvent<String>> events() {
		return Flux.range(0, 10)
			.delayElements(Duration.ofMillis(5))
			.map((i) -> ServerSentEvent.builder("event " + i).id(String.valueOf(i)).build());
	}

	private Mono<ServerResponse> download(ServerRequest request) {
		int chunks = Integer.parseInt(request.pathVariable("megabytes")) * 1024 * 1024 / CHUNK;
		Flux<DataBuffer> body = Flux.range(0, chunks)
			.map(StreamingApplication::chunk)
			// As from a file or a database: a body that is available at once would block
			// the loop.
			.publishOn(Schedulers.parallel())
			.doOnCancel(this.cancellations::incrementAndGet);
		return ServerResponse.ok()
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(BodyInserters.fromDataBuffers(body));
	}

	private static DataBuffer chunk(int number) {
		return DefaultDataBufferFactory.sharedInstance.wrap(bytes(number));
	}

	/** Return bytes that depend on the number only. */
	static byte[] bytes(int number) {
		byte[] bytes = new byte[CHUNK];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (31 * i + number);
		}
		return bytes;
	}

	private static Mono<ServerResponse> upload(ServerRequest request) {
		return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers())).flatMap((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			DataBufferUtils.release(buffer);
			return ServerResponse.ok().bodyValue(RawConnection.describe(bytes));
		});
	}

}
