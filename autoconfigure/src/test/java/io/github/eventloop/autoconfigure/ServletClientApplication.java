package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Servlet application on Tomcat whose {@link WebClient} calls itself, and whose callback
 * blocks the client's event loop.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ServletClientApplication {

	static ConfigurableApplicationContext run(String... properties) {
		return run(List.of(), properties);
	}

	/** Start the application with additional beans. */
	static ConfigurableApplicationContext run(List<Class<?>> additional, String... properties) {
		Map<String, String> arguments = new LinkedHashMap<>();
		Stream
			.concat(Stream.of("spring.main.banner-mode=off", "server.port=0", "server.address=127.0.0.1",
					"spring.reactor.netty.shutdown-quiet-period=0s"), Arrays.stream(properties))
			.forEach((property) -> arguments.put(property.substring(0, property.indexOf('=')), "--" + property));
		return new SpringApplicationBuilder(ServletClientApplication.class).sources(additional.toArray(Class<?>[]::new))
			.web(WebApplicationType.SERVLET)
			.run(arguments.values().toArray(String[]::new));
	}

	/** Controller of the application. */
	@RestController
	static class Calls {

		private final WebClient client;

		private final Environment environment;

		Calls(WebClient.Builder clients, Environment environment) {
			this.client = clients.build();
			this.environment = environment;
		}

		@GetMapping("/loop")
		String thread() {
			return Thread.currentThread().getName();
		}

		@GetMapping("/block/{millis}")
		@Nullable String block(@PathVariable("millis") long millis) {
			return this.client.get()
				.uri("http://127.0.0.1:" + this.environment.getRequiredProperty("local.server.port") + "/loop")
				.retrieve()
				.bodyToMono(String.class)
				.map((answer) -> sleep(millis))
				.block(Duration.ofSeconds(60));
		}

		/** Blocks the loop on the only line of this class that sleeps. */
		private static String sleep(long millis) {
			try {
				Thread.sleep(millis);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return Thread.currentThread().getName();
		}

	}

}
