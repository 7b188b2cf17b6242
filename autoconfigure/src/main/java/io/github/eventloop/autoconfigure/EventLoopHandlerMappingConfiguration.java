package io.github.eventloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.CorsEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.actuate.endpoint.EndpointsSupplier;
import org.springframework.boot.actuate.endpoint.ExposableEndpoint;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.boot.webflux.autoconfigure.actuate.web.WebFluxEndpointManagementContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.util.StringUtils;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import io.github.eventloop.actuate.internal.EndpointHandlerMapping;
import io.github.eventloop.actuate.internal.EndpointRequests;
import io.github.eventloop.actuate.internal.PollHandler;

/**
 * {@link ManagementContextConfiguration} that makes the endpoints of Actuator cost
 * requests of the application almost nothing, if they are on its port and have a base
 * path. Comes before {@link WebFluxEndpointManagementContextConfiguration}, whose bean it
 * replaces.
 */
@ManagementContextConfiguration(value = ManagementContextType.SAME, proxyBeanMethods = false)
@Order(0)
@ConditionalOnClass({ WebFluxEndpointHandlerMapping.class, CorsEndpointProperties.class })
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBean(WebEndpointsSupplier.class)
@ConditionalOnEventLoopEnabled(value = "eventloop.management.match-base-path-first", matchIfMissing = true)
@EnableConfigurationProperties(CorsEndpointProperties.class)
class EventLoopHandlerMappingConfiguration {

	/**
	 * The second name is that of the bean it replaces.
	 */
	@Bean({ "eventLoopEndpointHandlerMapping", "webEndpointReactiveHandlerMapping" })
	@ConditionalOnMissingBean(WebFluxEndpointHandlerMapping.class)
	EndpointHandlerMapping eventLoopEndpointHandlerMapping(WebEndpointsSupplier endpoints,
			ObjectProvider<EndpointsSupplier<?>> suppliers, EndpointMediaTypes mediaTypes, CorsEndpointProperties cors,
			WebEndpointProperties properties, ObjectProvider<EndpointRequests> requests,
			ObjectProvider<PollHandler> polls,
			@Qualifier(WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME) ObjectProvider<WebHandler> dispatcher) {
		String basePath = properties.getBasePath();
		List<ExposableEndpoint<?>> linked = new ArrayList<>();
		for (EndpointsSupplier<?> supplier : suppliers.orderedStream().toList()) {
			for (ExposableEndpoint<?> endpoint : supplier.getEndpoints()) {
				if (endpoint instanceof PathMappedEndpoint) {
					linked.add(endpoint);
				}
			}
		}
		return new EndpointHandlerMapping(new EndpointMapping(basePath), endpoints.getEndpoints(), mediaTypes,
				cors.toCorsConfiguration(), new EndpointLinksResolver(linked, basePath),
				properties.getDiscovery().isEnabled() && StringUtils.hasText(basePath), requests.getIfAvailable(),
				polls.getIfAvailable(), dispatcher);
	}

}
