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

	/** Return whether a bean is a builder, and can be passed to the other methods. */
	static boolean isBuilder(Object bean) {
		return PRESENT && Builders.isBuilder(bean);
	}

	/**
	 * Let a builder pass the clients that it builds to an observer.
	 * @param builder the builder
	 * @param observer receives each client, as the application has configured it
	 * @return the builder to use instead
	 */
	static Object observe(Object builder, Consumer<Object> observer) {
		return Builders.customize(builder, (client) -> {
			observer.accept(client);
			return client;
		});
	}

	/**
	 * Let a builder customize the clients that it builds.
	 * @param builder the builder
	 * @param customizer returns the client to use instead
	 * @return the builder to use instead
	 */
	static Object customize(Object builder, UnaryOperator<HttpClient> customizer) {
		return Builders.customize(builder, customizer);
	}

	/** Loaded only where Reactor Netty and the builders are present. */
	private static final class Builders {

		private static boolean isBuilder(Object bean) {
			return bean instanceof ReactorClientHttpConnectorBuilder
					|| bean instanceof ReactorClientHttpRequestFactoryBuilder
					|| bean instanceof ReactorHttpClientBuilder;
		}

		private static Object customize(Object bean, UnaryOperator<HttpClient> customizer) {
			if (bean instanceof ReactorClientHttpConnectorBuilder builder) {
				return builder.withHttpClientCustomizer(customizer);
			}
			if (bean instanceof ReactorClientHttpRequestFactoryBuilder builder) {
				return builder.withHttpClientCustomizer(customizer);
			}
			return ((ReactorHttpClientBuilder) bean).withHttpClientCustomizer(customizer);
		}

	}

}
