package io.github.eventloop.sample.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import redis.embedded.RedisServer;

/**
 * Redis server on a free port, to which the client of Spring Boot connects.
 */
@Component
class RedisStore implements DataRedisConnectionDetails, DisposableBean {

	private final int port = freePort();

	private final Mono<RedisServer> started = FirstUse.start("Redis", this::start);

	// Written by a worker thread, read when the context is closed.
	private volatile @Nullable RedisServer server;

	private RedisServer start() throws IOException {
		RedisServer started = RedisServer.newRedisServer().port(this.port).bind("127.0.0.1").setting("save ''").build();
		started.start();
		this.server = started;
		return started;
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Complete when the server has started, which the first subscription triggers. */
	Mono<Void> started() {
		return this.started.then();
	}

	@Override
	public Standalone getStandalone() {
		return Standalone.of("127.0.0.1", this.port);
	}

	@Override
	public void destroy() throws IOException {
		RedisServer running = this.server;
		if (running != null) {
			running.stop();
		}
	}

}
