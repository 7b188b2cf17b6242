package io.github.eventloop.benchmarks.neighbours;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.WebFilter;

/**
 * Has nothing but a filter that blocks if it is asked to. What makes it a gateway is on
 * its class path.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class GatewayApplication {

	/**
	 * Start it.
	 * @param arguments properties
	 */
	public static void main(String[] arguments) {
		SpringApplication.run(GatewayApplication.class, arguments);
	}

	@Bean
	WebFilter filterThatBlocks() {
		return (exchange, chain) -> {
			if (exchange.getRequest().getQueryParams().containsKey("block")) {
				WatchedApplication.block();
			}
			return chain.filter(exchange);
		};
	}

}
