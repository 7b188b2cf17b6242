package io.github.eventloop.sample.backend;

import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * Calls the {@link Backend} without blocking, on the event loops that serve the shop.
 */
@Component
public class BackendClient {

	private final Backend backend;

	private final WebClient client;

	BackendClient(Backend backend, ReactorResourceFactory resources) {
		this.backend = backend;
		this.client = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(resources, (client) -> client))
			.build();
	}

	/**
	 * Request the stock.
	 * @param millis the delay of the response, in milliseconds
	 * @return the response, which is emitted on an event loop
	 */
	public Mono<String> stock(int millis) {
		return this.client.get().uri(this.backend.stock(millis)).retrieve().bodyToMono(String.class);
	}

}
