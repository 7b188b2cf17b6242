package io.github.eventloop.autoconfigure;

import java.util.function.Predicate;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.OncePerRequestFilter;

import io.github.eventloop.actuate.internal.EndpointRequestsFilter;
import io.github.eventloop.actuate.internal.EventLoopEndpointServletExtension;
import io.github.eventloop.netty.internal.DirectServletRequest;
import io.github.eventloop.stall.Drill;

/**
 * {@link ManagementContextConfiguration} for requests to the event loop endpoint in
 * servlet applications.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@Order(1)
@ConditionalOnClass({ Filter.class, OncePerRequestFilter.class })
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean({ EventLoopEndpointServletExtension.class, PathMappedEndpoints.class, WebEndpointsSupplier.class })
@ConditionalOnEventLoopEnabled
class EventLoopServletEndpointConfiguration {

	@Bean
	EndpointRequestsFilter eventLoopEndpointRequestsFilter(PathMappedEndpoints paths, WebEndpointsSupplier endpoints,
			ObjectProvider<Drill> drill, ObjectProvider<EndpointJsonMapper> json, Environment environment) {
		return new EndpointRequestsFilter(String.valueOf(paths.getPath(EndpointFacts.ID)),
				EndpointFacts.methods(endpoints), drill.getIfAvailable() != null, local(environment),
				EndpointFacts.encoder(json.getIfAvailable()));
	}

	private static Predicate<HttpServletRequest> local(Environment environment) {
		boolean ownMachine = EndpointFacts.isOwnMachine(environment);
		return (request) -> ownMachine && DirectServletRequest.isLocal(request);
	}

}
