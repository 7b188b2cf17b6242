package io.github.eventloop.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import reactor.netty.http.client.HttpClient;

import io.github.eventloop.netty.internal.ClientRequests;

/**
 * {@link BeanPostProcessor} that attributes the responses of other servers to the
 * requests that the application handles meanwhile: those of {@link HttpClient} beans,
 * such as that of Spring Cloud Gateway, and of Spring Boot's
 * {@linkplain HttpClientBuilders builders} of them, which {@code WebClient}s use.
 */
class HttpClientPostProcessor implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(HttpClientPostProcessor.class);

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (bean instanceof HttpClient client) {
			return attribute(client, name);
		}
		return HttpClientBuilders.isBuilder(bean)
				? HttpClientBuilders.customize(bean, (client) -> attribute(client, name)) : bean;
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
