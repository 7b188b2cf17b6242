package io.github.eventloop.autoconfigure;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpResources;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.Placement;
import io.github.eventloop.netty.internal.GlobalLoopResources;
import io.github.eventloop.web.internal.RequestTracking;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventLoopAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations
		.of(EventLoopAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s")
		.withConfiguration(AUTO_CONFIGURATIONS);

	@AfterEach
	void disposeGlobalResources() {
		HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@Test
	void shouldMonitorTheGlobalLoops() {
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(EventLoopMonitor.class)
				.hasSingleBean(ReactorResourceFactory.class)
				.hasSingleBean(RequestTracking.class);
			context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			// Loops of other tests in this JVM may be discovered.
			assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops())
				.filteredOn((loop) -> !loop.approximate())
				.hasSize(LoopResources.DEFAULT_IO_WORKER_COUNT)
				.extracting(LoopSnapshot::group)
				.containsOnly("reactor-http");
			assertThat(context.getBean(EventLoopMonitor.class).settings()).isEqualTo(MonitorSettings.DEFAULT);
		});
	}

	@Test
	void whenClosedShouldNotLeakThreads() {
		this.contextRunner.run((context) -> {
			context.getBean(ReactorResourceFactory.class).getLoopResources().onClient(true);
			assertThat(threads("eventloop-monitor")).isPositive();
		});
		assertThat(threads("eventloop-monitor")).isZero();
		assertThat(GlobalLoopResources.loops()).allMatch((loop) -> loop.isTerminated());
	}

	@Test
	void whenNotWebApplicationShouldMonitorClients() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS).run((context) -> {
			assertThat(context).hasSingleBean(EventLoopMonitor.class).doesNotHaveBean(RequestTracking.class);
			assertThat(answer(context.getBean(ReactorResourceFactory.class))).isEqualTo("42");
			assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops())
				.filteredOn((loop) -> loop.roles().contains(LoopRole.CLIENT))
				.isNotEmpty()
				.allSatisfy((loop) -> assertThat(loop.totals().iterations()).isPositive());
		});
	}

	private static @Nullable String answer(ReactorResourceFactory resources) {
		LoopResources elsewhere = LoopResources.create("elsewhere", 1, true);
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(elsewhere)
			.handle((request, response) -> response.sendString(Mono.just("42")))
			.bindNow();
		try {
			return HttpClient.create(resources.getConnectionProvider())
				.runOn(resources.getLoopResources())
				.get()
				.uri("http://127.0.0.1:" + server.port())
				.responseContent()
				.aggregate()
				.asString()
				.block(Duration.ofSeconds(60));
		}
		finally {
			server.disposeNow();
			elsewhere.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
		}
	}

	@Test
	void whenServletApplicationShouldMonitorClients() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS).run((context) -> {
			assertThat(context).hasSingleBean(EventLoopMonitor.class).doesNotHaveBean(RequestTracking.class);
			assertThat(answer(context.getBean(ReactorResourceFactory.class))).isEqualTo("42");
			assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops())
				.filteredOn((loop) -> loop.roles().contains(LoopRole.CLIENT))
				.isNotEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.reactor", "org.springframework.http.client" })
	void whenThereIsNoFactoryShouldMonitorGlobalLoops(String missing) {
		try {
			new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
				.withClassLoader(new FilteredClassLoader(missing))
				.withPropertyValues("eventloop.placement=least-lag")
				.run((context) -> {
					assertThat(context).hasNotFailed().doesNotHaveBean("eventLoopReactorResourceFactory");
					HttpResources.get().onClient(true);
					assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops()).isNotEmpty()
						.allMatch((loop) -> loop.group().equals("reactor-http"));
					assertThat(GlobalLoopResources.install(false, Placement.ROUND_ROBIN).placement())
						.isEqualTo(Placement.LEAST_LAG);
				});
		}
		finally {
			HttpResources.disposeLoopsAndConnectionsLater(Duration.ZERO, Duration.ofSeconds(5)).block();
		}
	}

	@Test
	void whenNettyIsMissingShouldBackOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.netty")).run((context) -> {
			assertThat(context).doesNotHaveBean(EventLoopMonitor.class);
			assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
				.getConditionAndOutcomesBySource()
				.get(EventLoopAutoConfiguration.class.getName())).isNotNull()
				.anySatisfy((outcome) -> assertThat(outcome.getOutcome().getMessage())
					.contains("did not find required class 'io.netty.channel.MultiThreadIoEventLoopGroup'"));
		});
	}

	@Test
	void whenWebFluxIsMissingShouldStillMonitor() {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader(WebFilter.class))
			.run((context) -> assertThat(context).hasSingleBean(EventLoopMonitor.class)
				.doesNotHaveBean("eventLoopRequestTracking"));
	}

	@Test
	void whenDisabledShouldBackOff() {
		this.contextRunner.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EventLoopMonitor.class)
				.hasSingleBean(ReactorResourceFactory.class));
	}

	@Test
	void whenUserHasMonitorShouldBackOff() {
		this.contextRunner.withUserConfiguration(OwnMonitorConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(EventLoopMonitor.class)
				.getBean(EventLoopMonitor.class)
				.isSameAs(context.getBean("ownMonitor")));
	}

	@Test
	void whenUserHasMonitorShouldAddTheLoopsAndStartIt() {
		this.contextRunner.withUserConfiguration(OwnMonitorConfiguration.class).run((context) -> {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			assertThat(monitor.snapshot().loops()).hasSize(LoopResources.DEFAULT_IO_WORKER_COUNT);
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> monitor.history().epochMillis().length > 0);
		});
	}

	@Test
	void whenUserHasFactoryOnGlobalResourcesShouldMonitorIt() {
		this.contextRunner.withUserConfiguration(OwnFactoryConfiguration.class).run((context) -> {
			assertThat(context).hasSingleBean(ReactorResourceFactory.class).hasBean("ownFactory");
			context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops()).isNotEmpty();
		});
	}

	@Test
	void whenUserHasFactoryWithExternalLoopsShouldNotMonitorThem(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(OwnLoopsConfiguration.class)
			.withPropertyValues("eventloop.foreign.enabled=false")
			.run((context) -> {
				LoopResources resources = context.getBean(ReactorResourceFactory.class).getLoopResources();
				assertThat(resources).isSameAs(context.getBean(OwnLoopsConfiguration.class).resources);
				resources.onServer(true);
				assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops()).isEmpty();
				assertThat(output).contains("external event loops, which are not measured")
					.contains("prefix=own")
					.contains("MonitoredLoopResources.create");
			});
	}

	@Test
	void whenUserHasFactoryWithMonitoredLoopsShouldMonitorThem(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(OwnMonitoredLoopsConfiguration.class).run((context) -> {
			context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops()).extracting(LoopSnapshot::group)
				.containsOnly("own");
			assertThat(output).doesNotContain("not measured");
		});
	}

	@Test
	void whenUserHasLoopsAsBeanShouldMonitorThem() {
		this.contextRunner
			.withBean(MonitoredLoopResources.class,
					() -> MonitoredLoopResources.builder("client").workerCount(1).build())
			.run((context) -> {
				context.getBean(MonitoredLoopResources.class).onClient(true);
				assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops()).extracting(LoopSnapshot::group)
					.containsExactly("client");
			});
	}

	@Test
	void whenContextIsRestartedShouldMonitorTheNewLoops() {
		this.contextRunner.run((context) -> {
			EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
			ReactorResourceFactory factory = context.getBean(ReactorResourceFactory.class);
			for (int i = 0; i < 3; i++) {
				factory.getLoopResources().onServer(true).next().submit(() -> {
				}).sync();
				assertThat(monitor.snapshot().loops()).hasSize(LoopResources.DEFAULT_IO_WORKER_COUNT);
				context.getSourceApplicationContext().stop();
				assertThat(monitor.snapshot().loops()).isEmpty();
				context.getSourceApplicationContext().start();
			}
		});
	}

	@Test
	void whenTwoContextsAreOpenShouldShareLoops() {
		this.contextRunner.run((first) -> this.contextRunner.run((second) -> {
			first.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			assertThat(second.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true))
				.isSameAs(first.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true));
			assertThat(second.getBean(EventLoopMonitor.class).snapshot().loops()).extracting(LoopSnapshot::name)
				.isEqualTo(first.getBean(EventLoopMonitor.class)
					.snapshot()
					.loops()
					.stream()
					.map(LoopSnapshot::name)
					.toList());
		}));
	}

	@Test
	void whenAcceptorIsDedicatedShouldHaveAnAdditionalLoop() {
		this.contextRunner.withPropertyValues("eventloop.acceptor.dedicated=true").run((context) -> {
			LoopResources resources = context.getBean(ReactorResourceFactory.class).getLoopResources();
			assertThat(resources.onServerSelect(true)).isNotSameAs(resources.onServer(true));
			assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops())
				.hasSize(LoopResources.DEFAULT_IO_WORKER_COUNT + 1)
				.filteredOn((loop) -> loop.name().startsWith("reactor-http-select-"))
				.hasSize(1);
		});
	}

	@Test
	void placementShouldBeAsConfigured(CapturedOutput output) {
		this.contextRunner.withPropertyValues("eventloop.placement=least-lag").run((context) -> {
			context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			assertThat(GlobalLoopResources.install(false, Placement.ROUND_ROBIN).placement())
				.isEqualTo(Placement.LEAST_LAG);
		});
		assertThat(output).doesNotContain("have no effect");
	}

	@Test
	void whenAnotherContextHasADifferentPlacementShouldWarn(CapturedOutput output) {
		this.contextRunner.run((first) -> {
			assertThat(output).doesNotContain("have no effect");
			this.contextRunner.withPropertyValues("eventloop.placement=least-lag")
				.run((second) -> assertThat(output)
					.contains("eventloop.placement and eventloop.acceptor.dedicated have no effect")
					.contains("placement=ROUND_ROBIN"));
		});
	}

	@Test
	void whenLoopsAreNotGlobalPlacementShouldBeAsConfigured() {
		this.contextRunner.withBean("notGlobal", BeanPostProcessor.class, () -> new BeanPostProcessor() {

			@Override
			public Object postProcessBeforeInitialization(Object bean, String beanName) {
				if (bean instanceof ReactorResourceFactory factory) {
					factory.setUseGlobalResources(false);
				}
				return bean;
			}

		})
			.withPropertyValues("eventloop.placement=least-lag", "eventloop.acceptor.dedicated=true")
			.run((context) -> assertThat(context.getBean(ReactorResourceFactory.class).getLoopResources())
				.isInstanceOfSatisfying(MonitoredLoopResources.class, (resources) -> {
					assertThat(resources.placement()).isEqualTo(Placement.LEAST_LAG);
					assertThat(resources.hasDedicatedAcceptor()).isTrue();
				}));
	}

	@Test
	void whenPlacementIsUnknownShouldFailToStart() {
		this.contextRunner.withPropertyValues("eventloop.placement=best")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("io.github.eventloop.netty.Placement.best"));
	}

	@Test
	void whenLazilyInitializedShouldStillMonitor() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(threads("eventloop-monitor")).isPositive();
				context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
				assertThat(context.getBean(EventLoopMonitor.class).snapshot().loops()).isNotEmpty();
			});
	}

	@Test
	void shouldBindProperties() {
		this.contextRunner
			.withPropertyValues("eventloop.window=5s", "eventloop.history=1m", "eventloop.stall.threshold=250ms")
			.run((context) -> assertThat(context.getBean(EventLoopMonitor.class).settings())
				.isEqualTo(new MonitorSettings(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMillis(250))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					eventloop.window=0s             | Property eventloop.window with value '0s' is invalid: must be from 1s to 600s
					eventloop.window=1h             | Property eventloop.window with value '3600s' is invalid: must be from 1s to 600s
					eventloop.history=1s            | Property eventloop.history with value '1s' is invalid: must be from 10s to 86400s
					eventloop.stall.threshold=-5ms  | Property eventloop.stall.threshold with value '-5ms' is invalid: must be from 1ms to 60s
					""")
	void whenValueIsInvalidShouldFailToStartWithTheRule(String property, String message) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasFailed().getFailure().rootCause().hasMessage(message));
	}

	private static long threads(String name) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(name)).count();
	}

	private static ReactorResourceFactory factoryWith(LoopResources resources) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setLoopResourcesSupplier(() -> resources);
		factory.setShutdownQuietPeriod(Duration.ZERO);
		return factory;
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMonitorConfiguration {

		@Bean
		EventLoopMonitor ownMonitor() {
			return new EventLoopMonitor(MonitorSettings.DEFAULT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactoryConfiguration {

		@Bean
		ReactorResourceFactory ownFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setShutdownQuietPeriod(Duration.ZERO);
			return factory;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLoopsConfiguration {

		private final LoopResources resources = LoopResources.create("own", 1, true);

		@Bean
		ReactorResourceFactory ownFactory() {
			return factoryWith(this.resources);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMonitoredLoopsConfiguration {

		@Bean
		ReactorResourceFactory ownFactory() {
			return factoryWith(MonitoredLoopResources.builder("own").workerCount(1).build());
		}

	}

}
