package io.github.eventloop.blocking;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Mono;

/**
 * Application that calls its own offenders, one after the other, and prints what was
 * detected. Runs in a separate JVM.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class OffendersApplication {

	/**
	 * Run the application until it ends.
	 * @param args properties of the application
	 */
	public static void main(String[] args) throws Exception {
		String first = System.getProperty("first", "nothing");
		if (first.equals("other")) {
			BlockHound.builder().install();
		}
		try (ConfigurableApplicationContext context = start(args)) {
			if (first.equals("context")) {
				runWithSecondContext(context, args);
			}
			else {
				new Client(context).run();
			}
		}
		System.out.println("STOPPED");
		// Do not wait for threads that are still running.
		Runtime.getRuntime().halt(0);
	}

	private static ConfigurableApplicationContext start(String... args) {
		return new SpringApplicationBuilder(OffendersApplication.class).web(WebApplicationType.REACTIVE)
			.run(Stream.concat(
					Stream.of("--spring.main.banner-mode=off", "--server.port=0", "--server.address=127.0.0.1",
							"--server.shutdown=immediate", "--spring.reactor.netty.shutdown-quiet-period=0s"),
					Stream.of(args))
				.toArray(String[]::new));
	}

	/** Both contexts have the same loops, because those of Reactor Netty are global. */
	private static void runWithSecondContext(ConfigurableApplicationContext context, String... args) throws Exception {
		try (ConfigurableApplicationContext another = start(args)) {
			new Client(another).run();
			System.out.println("OTHER " + !context.getBean(BlockingCalls.class).list().isEmpty());
		}
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/offenders/{name}", this::block)
			.GET("/nonblocking", (request) -> ServerResponse.ok().bodyValue("nonblocking"))
			.build();
	}

	private Mono<ServerResponse> block(ServerRequest request) {
		return Mono.fromCallable(() -> {
			Offender offender = Offender.valueOf(request.pathVariable("name"));
			long begin = System.nanoTime();
			int line = offender.block();
			long micros = (System.nanoTime() - begin) / 1000;
			return "CALL " + offender + " " + line + " " + micros;
		}).flatMap((call) -> ServerResponse.ok().bodyValue(call));
	}

	/**
	 * Client of the application, on threads of its own.
	 */
	private static final class Client {

		private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

		private final URI server;

		private final BlockingCalls calls;

		Client(ConfigurableApplicationContext context) {
			this.server = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
			this.calls = context.getBean(BlockingCalls.class);
		}

		void run() throws Exception {
			awaitDetector();
			for (Offender offender : Offender.values()) {
				offender.prepare();
				System.out.println(get("/offenders/" + offender));
			}
			settle();
			print("HOTSPOT");
			this.calls.clear();
			for (int i = 0; i < 1000; i++) {
				get("/nonblocking");
			}
			settle();
			print("FALSE_POSITIVE");
		}

		/** The first call warms up, because class loading may block, too. */
		private void awaitDetector() throws Exception {
			long deadline = System.nanoTime() + Long.getLong("timeout") * 1_000_000;
			while (this.calls.list().isEmpty() && System.nanoTime() - deadline < 0) {
				get("/offenders/SLEEP");
			}
			settle();
			System.out.println("DETECTING " + !this.calls.list().isEmpty());
			this.calls.clear();
		}

		/**
		 * Wait until a recording has been read, which happens once a second. Not
		 * necessary without a recording.
		 */
		private static void settle() throws InterruptedException {
			Thread.sleep(Long.getLong("settle", 2500));
		}

		private void print(String what) {
			for (BlockingHotspot hotspot : this.calls.list()) {
				System.out.println(what + " " + hotspot.kind() + " " + hotspot.count() + " "
						+ hotspot.total().toNanos() / 1000 + " " + hotspot.lastLoop() + " " + hotspot.culprit());
				if (Boolean.getBoolean("stacks")) {
					hotspot.stack().forEach((line) -> System.out.println("    " + line));
				}
			}
		}

		private String get(String path) throws Exception {
			return this.client.send(HttpRequest.newBuilder(this.server.resolve(path)).build(), BodyHandlers.ofString())
				.body();
		}

	}

}
