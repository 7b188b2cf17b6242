package io.github.eventloop.benchmarks.neighbours;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.WebFilter;

/**
 * An application with a filter that blocks on demand. The gateway itself comes from its
 * class path.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class GatewayApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(GatewayApplication.class, arguments);
	}

	@Bean
	WebFilter filterThatBlocks() {
		return (exchange, chain) -> {
			if (exchange.getRequest().getQueryParams().containsKey("block")) {
				MonitoredApplication.block();
			}
			return chain.filter(exchange);
		};
	}

}
