package io.github.eventloop.autoconfigure;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.util.ClassUtils;
import reactor.netty.http.client.HttpClient;

/**
 * Spring Boot's builders of Reactor Netty's {@link HttpClient}, which may be beans: those
 * of {@code WebClient}s and {@code RestClient}s, and of the client itself.
 */
final class HttpClientBuilders {

	private static final boolean PRESENT = isPresent("reactor.netty.http.client.HttpClient")
			&& isPresent("org.springframework.boot.http.client.ReactorHttpClientBuilder");

	private HttpClientBuilders() {
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, HttpClientBuilders.class.getClassLoader());
	}

	/**
	 * Let a builder pass the clients that it builds to an observer.
	 * @param bean the builder, or any other bean
	 * @param observer receives each client, as the application has configured it
	 * @return the builder to use instead, or the same bean if it is not a builder
	 */
	static Object observe(Object bean, Consumer<Object> observer) {
		return PRESENT ? Builders.customize(bean, (client) -> {
			observer.accept(client);
			return client;
		}) : bean;
	}

	/**
	 * Let a builder customize the clients that it builds.
	 * @param bean the builder, or any other bean
	 * @param customizer returns the client to use instead
	 * @return the builder to use instead, or the same bean if it is not a builder
	 */
	static Object customize(Object bean, UnaryOperator<HttpClient> customizer) {
		return PRESENT ? Builders.customize(bean, customizer) : bean;
	}

	/** Loaded only where Reactor Netty and the builders are present. */
	private static final class Builders {

		private static Object customize(Object bean, UnaryOperator<HttpClient> customizer) {
			if (bean instanceof ReactorClientHttpConnectorBuilder builder) {
				return builder.withHttpClientCustomizer(customizer);
			}
			if (bean instanceof ReactorClientHttpRequestFactoryBuilder builder) {
				return builder.withHttpClientCustomizer(customizer);
			}
			return (bean instanceof ReactorHttpClientBuilder builder) ? builder.withHttpClientCustomizer(customizer)
					: bean;
		}

	}

}
