package io.github.eventloop.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebFilter;

import io.github.eventloop.actuate.internal.EndpointHandlerMapping;
import io.github.eventloop.actuate.internal.EndpointRequests;
import io.github.eventloop.actuate.internal.EndpointRequestsWebFilter;
import io.github.eventloop.actuate.internal.PollHandler;
import io.github.eventloop.actuate.internal.PollHandlerMapping;

/**
 * {@link ManagementContextConfiguration} for requests to the event loop endpoint where
 * {@link EventLoopHandlerMappingConfiguration} does not apply: on a separate management
 * port, or with another handler mapping.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@Order(1)
@ConditionalOnClass(WebFilter.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBean(EndpointRequests.class)
@ConditionalOnMissingBean(value = EndpointHandlerMapping.class, search = SearchStrategy.CURRENT)
@ConditionalOnEventLoopEnabled
class EventLoopEndpointFilterConfiguration {

	@Bean
	EndpointRequestsWebFilter eventLoopEndpointRequestsWebFilter(EndpointRequests requests) {
		return new EndpointRequestsWebFilter(requests);
	}

	@Bean
	PollHandlerMapping eventLoopPollHandlerMapping(PollHandler polls) {
		return new PollHandlerMapping(polls);
	}

}
