package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;

import io.github.eventloop.netty.internal.ClientRequests;

/**
 * Configuration that attributes the responses of other servers to the requests that the
 * application handles meanwhile: those of {@code WebClient}s with Spring Boot's builder,
 * and of {@link HttpClient} beans, such as that of Spring Cloud Gateway.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
class ClientRequestsConfiguration {

	@Bean
	static BeanPostProcessor eventLoopHttpClientPostProcessor() {
		return new HttpClientPostProcessor();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ReactorClientHttpConnectorBuilder.class)
	static class ConnectorConfiguration {

		@Bean
		ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> eventLoopConnectorCustomizer() {
			return (builder) -> builder.withHttpClientCustomizer(ClientRequests::attribute);
		}

	}

	private static final class HttpClientPostProcessor implements BeanPostProcessor {

		private static final Log logger = LogFactory.getLog(ClientRequestsConfiguration.class);

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			if (bean instanceof HttpClient client) {
				try {
					return ClientRequests.attribute(client);
				}
				catch (RuntimeException ex) {
					// Such as for a mock, whose methods return null.
					logger.debug("The responses of the bean '" + name + "' cannot be attributed to requests", ex);
				}
			}
			return bean;
		}

	}

}
