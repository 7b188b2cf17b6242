package io.github.eventloop.documentation;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;

import io.github.eventloop.shedding.LagSheddingPolicy;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.RequestPriorityResolver;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * Code of {@code docs/shedding.md}: a snippet is the code between its {@code tag} and
 * {@code end} lines.
 */
@Configuration(proxyBeanMethods = false)
class SheddingSnippets {

	// tag::policy
	@Bean
	SheddingPolicy sheddingPolicy() {
		return (loop, lagNanos, priority) -> {
			if (priority == RequestPriority.LOW && loop.inFlightRequests() > 100) {
				return 1;
			}
			return LagSheddingPolicy.DEFAULT.shareToShed(loop, lagNanos, priority);
		};
	}
	// end::policy

	// tag::resolver
	@Bean
	RequestPriorityResolver requestPriorityResolver() {
		return (request) -> request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION) ? RequestPriority.NORMAL
				: RequestPriority.LOW;
	}
	// end::resolver

}
