package io.github.eventloop.autoconfigure;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Servlet application with Spring Security that permits all requests, and has users with
 * different authorities.
 */
@Configuration(proxyBeanMethods = false)
class SecuredServletApplication {

	@Bean
	SecurityFilterChain permitAll(HttpSecurity http) throws Exception {
		// Requests without credentials get an anonymous authentication token.
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.httpBasic(Customizer.withDefaults())
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

	@Bean
	InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(User.withUsername("user").password("{noop}pw").roles("USER").build(),
				User.withUsername("operator").password("{noop}pw").roles("OPERATOR").build(),
				User.withUsername("auditor").password("{noop}pw").authorities("AUDIT").build());
	}

}
