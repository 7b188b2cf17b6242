package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;

import io.github.eventloop.netty.internal.ClientRequests;

/**
 * Configuration that attributes the responses of other servers to the requests that the
 * application handles meanwhile: those of {@link HttpClient} beans, such as that of
 * Spring Cloud Gateway, and of Spring Boot's {@linkplain HttpClientBuilders builders} of
 * them, which {@code WebClient}s use.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(HttpClient.class)
class ClientRequestsConfiguration {

	@Bean
	static BeanPostProcessor eventLoopHttpClientPostProcessor() {
		return new HttpClientPostProcessor();
	}

	private static final class HttpClientPostProcessor implements BeanPostProcessor {

		private static final Log logger = LogFactory.getLog(ClientRequestsConfiguration.class);

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof HttpClient client) ? attribute(client, name)
					: HttpClientBuilders.customize(bean, (client) -> attribute(client, name));
		}

		private static HttpClient attribute(HttpClient client, String name) {
			try {
				return ClientRequests.attribute(client);
			}
			catch (RuntimeException ex) {
				// Such as for a mock, whose methods return null.
				logger.debug("The responses of the bean '" + name + "' cannot be attributed to requests", ex);
				return client;
			}
		}

	}

}
