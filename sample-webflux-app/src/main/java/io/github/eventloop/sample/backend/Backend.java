package io.github.eventloop.sample.backend;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

import org.reactivestreams.Publisher;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Stock service that the shop depends on. Responds after the requested delay, without
 * using the CPU. Has an event loop of its own, because a caller that blocks one of the
 * shop's loops must not block the response that it waits for.
 */
@Component
public class Backend implements DisposableBean {

	private final LoopResources loops = LoopResources.create("backend", 1, true);

	private final DisposableServer server;

	public Backend() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(this.loops)
			.route((routes) -> routes.get("/stock/{millis}", Backend::answer))
			.bindNow();
	}

	private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		long millis = Long.parseLong(Objects.requireNonNull(request.param("millis")));
		return response.sendString(Mono.delay(Duration.ofMillis(millis)).thenReturn("17 in stock"));
	}

	/**
	 * Return the URI of the stock.
	 * @param millis the delay of the response, in milliseconds
	 * @return the URI
	 */
	public URI stock(int millis) {
		return URI.create("http://127.0.0.1:" + this.server.port() + "/stock/" + millis);
	}

	@Override
	public void destroy() {
		this.server.disposeNow();
		this.loops.dispose();
	}

}
