package io.github.eventloop.autoconfigure;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;

/**
 * Application with Spring Security that permits all requests, and has users with
 * different authorities.
 */
@Configuration(proxyBeanMethods = false)
class SecuredApplication {

	@Bean
	SecurityWebFilterChain permitAll(ServerHttpSecurity http) {
		// Requests without credentials get an anonymous authentication token.
		return http.anonymous(Customizer.withDefaults())
			.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll())
			.httpBasic(Customizer.withDefaults())
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.build();
	}

	@Bean
	MapReactiveUserDetailsService users() {
		return new MapReactiveUserDetailsService(User.withUsername("user").password("{noop}pw").roles("USER").build(),
				User.withUsername("operator").password("{noop}pw").roles("OPERATOR").build(),
				User.withUsername("auditor").password("{noop}pw").authorities("AUDIT").build());
	}

}
