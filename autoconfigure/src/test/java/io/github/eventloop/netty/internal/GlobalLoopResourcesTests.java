package io.github.eventloop.netty.internal;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.Placement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GlobalLoopResources}.
 */
class GlobalLoopResourcesTests {

	@AfterEach
	void disposeGlobalResources() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void serverAndClientShouldShareMonitoredLoops() {
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
		assertThat(exchange()).startsWith("reactor-http-");
		List<MonitoredLoop> loops = GlobalLoopResources.loops();
		assertThat(loops).isNotEmpty().allMatch((loop) -> loop.group().equals("reactor-http"));
		assertThat(loops).flatExtracting(MonitoredLoop::roles)
			.contains(LoopRole.ACCEPTOR, LoopRole.SERVER, LoopRole.CLIENT);
	}

	@Test
	void whenInstalledAlreadyShouldKeepTheLoops() {
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
		exchange();
		List<MonitoredLoop> loops = GlobalLoopResources.loops();
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
		assertThat(GlobalLoopResources.loops()).isEqualTo(loops);
		assertThat(loops).noneMatch(MonitoredLoop::isTerminated);
	}

	@Test
	void whenGlobalResourcesWereDisposedShouldInstallNewOnes() {
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
		exchange();
		List<MonitoredLoop> first = GlobalLoopResources.loops();
		disposeGlobalResources();
		assertThat(first).allMatch(MonitoredLoop::isTerminated);
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
		exchange();
		assertThat(GlobalLoopResources.loops()).isNotEmpty()
			.doesNotContainAnyElementsOf(first)
			.noneMatch(MonitoredLoop::isTerminated);
	}

	@Test
	void whenGlobalResourcesWereUsedBeforeShouldReplaceTheirLoops() {
		exchange();
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
		exchange();
		assertThat(GlobalLoopResources.loops()).flatExtracting(MonitoredLoop::roles).contains(LoopRole.SERVER);
	}

	/** Send a request and return the name of the thread that handled it. */
	private static String exchange() {
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response
				.sendString(Mono.fromSupplier(() -> Thread.currentThread().getName())))
			.bindNow(Duration.ofSeconds(10));
		try {
			String thread = HttpClient.create()
				.get()
				.uri("http://127.0.0.1:" + server.port())
				.responseContent()
				.aggregate()
				.asString()
				.block(Duration.ofSeconds(60));
			return String.valueOf(thread);
		}
		finally {
			server.disposeNow(Duration.ofSeconds(5));
		}
	}

}
