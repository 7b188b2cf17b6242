package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
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
	void ownLoopsOfClientsThatABuilderBuildsShouldBeMonitored() {
		assertLoopsOfBuiltClientAreMonitored(ReactorClientHttpConnectorBuilder.class,
				(customizer) -> ClientHttpConnectorBuilder.reactor().withHttpClientCustomizer(customizer),
				ReactorClientHttpConnectorBuilder::build);
		assertLoopsOfBuiltClientAreMonitored(ReactorClientHttpRequestFactoryBuilder.class,
				(customizer) -> ClientHttpRequestFactoryBuilder.reactor().withHttpClientCustomizer(customizer),
				ReactorClientHttpRequestFactoryBuilder::build);
		assertLoopsOfBuiltClientAreMonitored(ReactorHttpClientBuilder.class,
				(customizer) -> new ReactorHttpClientBuilder().withHttpClientCustomizer(customizer),
				(builder) -> builder.build(null));
	}

	/**
	 * Whether the client is built by another bean, before the context is started, or
	 * later.
	 */
	private <T> void assertLoopsOfBuiltClientAreMonitored(Class<T> type,
			Function<UnaryOperator<HttpClient>, T> newBuilder, Function<T, ?> build) {
		LoopResources early = LoopResources.create("early", 1, true);
		LoopResources late = LoopResources.create("late", 1, true);
		AtomicReference<LoopResources> next = new AtomicReference<>(early);
		this.runner.withBean("payments", type, () -> newBuilder.apply((client) -> client.runOn(next.get())))
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBean("user", Object.class,
					() -> build.apply(context.getBean(type))))
			.run((context) -> {
				assertThat(loops(context)).extracting(LoopSnapshot::group).containsExactly("payments");
				next.set(late);
				assertThat(build.apply(context.getBean(type))).isNotNull();
				assertThat(loops(context)).hasSize(2).allSatisfy((loop) -> {
					assertThat(loop.group()).isEqualTo("payments");
					assertThat(loop.component()).isEqualTo("payments");
					assertThat(loop.roles()).containsExactly(LoopRole.DRIVER);
				});
			});
		early.dispose();
		late.dispose();
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
