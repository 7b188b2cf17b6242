package io.github.eventloop.faults;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import org.springframework.context.annotation.Profile;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import io.github.eventloop.stall.StallSettings;

/**
 * An application with faulty handlers. Started by a test, or in a JVM of its own.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class FaultyApplication {

	/** Property with the file to write the port to, because the output may be broken. */
	static final String PORT_FILE = "port.file";

	/** Argument to log every stall, instead of one per hotspot and minute. */
	static final String LOG_EVERY_STALL = "--spring.profiles.active=log-every-stall";

	/**
	 * Start the application.
	 * @param args properties
	 */
	public static void main(String[] args) throws IOException {
		ConfigurableApplicationContext context = run(List.of(), args);
		Path written = Files.writeString(Path.of(System.getProperty(PORT_FILE) + ".new"),
				String.valueOf(port(context)));
		Files.move(written, Path.of(System.getProperty(PORT_FILE)));
	}

	/** Start the application as {@code main} does, with additional beans. */
	static ConfigurableApplicationContext run(List<Class<?>> additional, String... properties) {
		String[] arguments = Stream
			.concat(Stream.of("--spring.main.banner-mode=off", "--server.port=0", "--server.address=127.0.0.1",
					"--spring.reactor.netty.shutdown-quiet-period=0s",
					"--management.endpoint.eventloop.show-details=always"), Stream.of(properties))
			.toArray(String[]::new);
		return new SpringApplicationBuilder(FaultyApplication.class).sources(additional.toArray(Class<?>[]::new))
			.web(WebApplicationType.REACTIVE)
			.run(arguments);
	}

	/**
	 * Start the application, use most of the library, and close it. For a class loader
	 * that shares only the JDK with the caller.
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
			.GET("/loop", (request) -> respond(Thread.currentThread().getName()))
			.GET("/sleep/{millis}", FaultyApplication::sleep)
			.GET("/spin/{millis}", FaultyApplication::spin)
			.GET("/fill", (request) -> fill())
			.GET("/out-of-memory", FaultyApplication::allocateTooMuch)
			.GET("/out-of-memory-later", (request) -> Mono.defer(() -> allocateTooMuch(request)))
			.build();
	}

	@Bean
	@Profile("log-every-stall")
	StallSettings stallSettings() {
		return new StallSettings(StallSettings.DEFAULT.sampleInterval(), Duration.ZERO);
	}

	private static Mono<ServerResponse> sleep(ServerRequest request) {
		return Mono.fromCallable(() -> {
			Thread.sleep(Long.parseLong(request.pathVariable("millis")));
			return Thread.currentThread().getName();
		}).flatMap(FaultyApplication::respond);
	}

	private static Mono<ServerResponse> spin(ServerRequest request) {
		long end = System.nanoTime() + Long.parseLong(request.pathVariable("millis")) * 1_000_000;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
		return respond(Thread.currentThread().getName());
	}

	/** Fill the heap so that no other thread can allocate either, for some seconds. */
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

	/** Add arrays to a linked chain, which needs no memory of its own to grow. */
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

	/** Allocate more than any heap can hold, without affecting other threads. */
	private static Mono<ServerResponse> allocateTooMuch(ServerRequest request) {
		return respond("room for " + new byte[Integer.MAX_VALUE].length);
	}

	private static Mono<ServerResponse> respond(String text) {
		return ServerResponse.ok().bodyValue(text);
	}

}
