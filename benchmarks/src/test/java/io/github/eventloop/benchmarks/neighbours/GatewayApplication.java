package io.github.eventloop.benchmarks.neighbours;

import java.lang.reflect.Proxy;
import java.util.function.BiFunction;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/**
 * An application with filters that block on demand. The gateway itself comes from its
 * class path.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class GatewayApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(GatewayApplication.class, arguments);
	}

	/**
	 * Function of the gateway's filter {@code ModifyResponseBody}, which blocks on demand
	 * when the response arrives. The class path of the compiler has no gateway.
	 */
	@Bean
	Object rewrite() throws ClassNotFoundException {
		Class<?> type = Class.forName("org.springframework.cloud.gateway.filter.factory.rewrite.RewriteFunction");
		BiFunction<ServerWebExchange, Object, Mono<Object>> rewrite = (exchange, body) -> {
			if (exchange.getRequest().getQueryParams().containsKey("rewrite")) {
				MonitoredApplication.block();
			}
			return Mono.just(body);
		};
		return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> method.getName().equals("apply")
						? rewrite.apply((ServerWebExchange) arguments[0], arguments[1])
						: method.invoke(rewrite, arguments));
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
