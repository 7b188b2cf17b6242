package io.github.eventloop.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for beans that are clients and servers of Reactor Netty with their own loops.
 */
class ClientLoopsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s", "eventloop.foreign.discovery=false")
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class));

	private static List<LoopSnapshot> loops(ApplicationContext context) {
		return context.getBean(EventLoopMonitor.class)
			.snapshot()
			.loops()
			.stream()
			.filter(LoopSnapshot::approximate)
			.toList();
	}

	@Test
	void ownLoopsOfAClientShouldBeMonitoredAsThoseOfADriver() {
		LoopResources own = LoopResources.create("own", 1, true);
		this.runner.withBean("payments", HttpClient.class, () -> HttpClient.create().runOn(own)).run((context) -> {
			DisposableServer server = HttpServer.create().host("127.0.0.1").port(0).route((routes) -> {
			}).bindNow();
			assertThat(context.getBean(HttpClient.class)
				.get()
				.uri("http://127.0.0.1:" + server.port())
				.response()
				.block(DriverContext.LIMIT)
				.status()
				.code()).isEqualTo(404);
			server.disposeNow();
			assertThat(loops(context)).singleElement().satisfies((loop) -> {
				assertThat(loop.group()).isEqualTo("payments");
				assertThat(loop.component()).isEqualTo("payments");
				assertThat(loop.roles()).containsExactly(LoopRole.DRIVER);
				assertThat(loop.counted()).isFalse();
			});
		});
		own.dispose();
	}

	@Test
	void whenLoopsAreABeanAsWellShouldHaveItsName() {
		LoopResources own = LoopResources.create("own", 1, true);
		this.runner.withBean("ownLoops", LoopResources.class, () -> own)
			.withBean("client", TcpClient.class, () -> TcpClient.create().runOn(own))
			.run((context) -> assertThat(loops(context)).singleElement()
				.satisfies((loop) -> assertThat(loop.group()).isEqualTo("ownLoops"))
				.satisfies((loop) -> assertThat(loop.counted()).isTrue()));
	}

	@Test
	void whenClientCannotBeConfiguredShouldUseItAsItIs() {
		HttpClient mock = Mockito.mock(HttpClient.class);
		this.runner.withBean(HttpClient.class, () -> mock)
			.run((context) -> assertThat(context).hasNotFailed().getBean(HttpClient.class).isSameAs(mock));
	}

	@Test
	void clientOnTheGlobalLoopsShouldNotCreateThem() {
		this.runner.withBean(HttpClient.class, HttpClient::create)
			.withBean(TcpClient.class, TcpClient::create)
			.run((context) -> assertThat(loops(context)).isEmpty());
	}

}
