package io.github.eventloop.faults;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * An application whose handlers do what handlers should not. Started by a test, or in a
 * JVM of its own.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class FaultyApplication {

	/** Where to write the port to: the output may be broken. */
	static final String PORT_FILE = "port.file";

	/**
	 * Start it.
	 * @param args properties
	 */
	public static void main(String[] args) throws IOException {
		ConfigurableApplicationContext context = run(List.of(), args);
		Path written = Files.writeString(Path.of(System.getProperty(PORT_FILE) + ".new"),
				String.valueOf(port(context)));
		Files.move(written, Path.of(System.getProperty(PORT_FILE)));
	}

	/** Start it as {@code main} would, with more beans. */
	static ConfigurableApplicationContext run(List<Class<?>> more, String... properties) {
		String[] arguments = Stream
			.concat(Stream.of("--spring.main.banner-mode=off", "--server.port=0", "--server.address=127.0.0.1",
					"--spring.reactor.netty.shutdown-quiet-period=0s",
					"--management.endpoint.eventloop.show-details=always"), Stream.of(properties))
			.toArray(String[]::new);
		return new SpringApplicationBuilder(FaultyApplication.class).sources(more.toArray(Class<?>[]::new))
			.web(WebApplicationType.REACTIVE)
			.run(arguments);
	}

	/**
	 * Start it, have it do a bit of everything, and end it. For a class loader that has
	 * nothing in common with the caller but the JDK.
	 */
	public static void visit() {
		try (ConfigurableApplicationContext context = run(List.of(), "--management.endpoints.web.exposure.include=*")) {
			Client client = Client.of(context);
			client.get("/sleep/130");
			client.get("/actuator/eventloop/hotspots");
			client.get("/actuator/metrics/eventloop.lag");
			client.eventLoops();
		}
	}

	static int port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/loop", (request) -> answer(Thread.currentThread().getName()))
			.GET("/sleep/{millis}", FaultyApplication::sleep)
			.GET("/spin/{millis}", FaultyApplication::spin)
			.GET("/fill", (request) -> fill())
			.GET("/out-of-memory", FaultyApplication::allocateTooMuch)
			.GET("/out-of-memory-later", (request) -> Mono.defer(() -> allocateTooMuch(request)))
			.build();
	}

	private static Mono<ServerResponse> sleep(ServerRequest request) {
		return Mono.fromCallable(() -> {
			Thread.sleep(Long.parseLong(request.pathVariable("millis")));
			return Thread.currentThread().getName();
		}).flatMap(FaultyApplication::answer);
	}

	private static Mono<ServerResponse> spin(ServerRequest request) {
		long end = System.nanoTime() + Long.parseLong(request.pathVariable("millis")) * 1_000_000;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
		return answer(Thread.currentThread().getName());
	}

	/** Until there is no room for anybody else either, for some seconds. */
	private static Mono<ServerResponse> fill() {
		Object[] last = new Object[1];
		for (int size = 1 << 18; size > 0; size >>= 3) {
			last = fill(last, size);
		}
		try {
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
		}
		finally {
			Reference.reachabilityFence(last);
		}
		throw new OutOfMemoryError("expected by the test");
	}

	/** A chain, which does not need room to grow. */
	private static Object[] fill(Object[] last, int size) {
		Object[] chain = last;
		try {
			while (true) {
				Object[] next = new Object[size];
				next[0] = chain;
				chain = next;
			}
		}
		catch (OutOfMemoryError ex) {
			return chain;
		}
	}

	/** No heap has room for it, and nobody else runs short. */
	private static Mono<ServerResponse> allocateTooMuch(ServerRequest request) {
		return answer("room for " + new byte[Integer.MAX_VALUE].length);
	}

	private static Mono<ServerResponse> answer(String text) {
		return ServerResponse.ok().bodyValue(text);
	}

}
