package io.github.eventloop.autoconfigure;

import java.time.Duration;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.netty.ExternalLoops;
import io.github.eventloop.netty.MonitoredLoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the monitoring of external loops by {@link EventLoopAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExternalLoopsConfigurationTests {

	private static final String LOG_MESSAGE = "external event loops, which are measured approximately";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=0s")
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class));

	@Test
	void whenUserHasGroupShouldMonitorIt(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(GroupConfiguration.class).run((context) -> {
			assertThat(loops(context).loops()).singleElement().satisfies((loop) -> {
				assertThat(loop.group()).isEqualTo("driverLoops");
				assertThat(loop.name()).isEqualTo("driverLoops-1");
				assertThat(loop.approximate()).isTrue();
			});
			assertThat(output).contains("The bean 'driverLoops' has external event loops").contains(LOG_MESSAGE);
			context.getBean(EventLoopGroup.class).submit(() -> {
			}).syncUninterruptibly();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> loops(context).loops().get(0).name().startsWith("multiThreadIoEventLoopGroup-"));
		});
	}

	@Test
	void whenThereAreNoExternalLoopsShouldCreateNothing() {
		this.contextRunner.withPropertyValues("eventloop.foreign.discovery=false")
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("eventLoopExternalLoops"))
				.isFalse());
	}

	@Test
	void whenGroupIsLazyShouldMonitorItOnceItIsCreated() {
		this.contextRunner.withUserConfiguration(LazyGroupConfiguration.class).run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton("driverLoops")).isFalse();
			assertThat(loops(context).loops()).isEmpty();
			context.getBean("driverLoops");
			assertThat(loops(context).loops()).hasSize(1);
		});
	}

	@Test
	void whenDisabledShouldNotMonitorThem(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(GroupConfiguration.class, FactoryConfiguration.class)
			.withPropertyValues("eventloop.foreign.enabled=false")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(ExternalLoops.class);
				assertThat(loops(context).loops()).isEmpty();
				assertThat(output).contains("external event loops, which are not measured").doesNotContain(LOG_MESSAGE);
			});
	}

	@Test
	void whenMonitoringIsDisabledShouldBackOff() {
		this.contextRunner.withUserConfiguration(GroupConfiguration.class)
			.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ExternalLoops.class));
	}

	@Test
	void whenNettyIsMissingShouldBackOff() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.netty", "reactor.netty"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("eventLoopExternalLoops"));
	}

	@Test
	void whenFactoryHasExternalLoopsShouldMonitorTheCurrentOnes(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(FactoryConfiguration.class).run((context) -> {
			EventLoopGroup before = server(context);
			assertThat(loops(context).loops()).singleElement()
				.satisfies((loop) -> assertThat(loop.group()).isEqualTo("shopFactory"));
			assertThat(output).contains("The bean 'shopFactory' has")
				.contains("prefix=shop-http")
				.doesNotContain("not measured");
			context.stop();
			context.start();
			assertThat(server(context)).isNotSameAs(before);
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(loops(context).loops()).singleElement()
					.satisfies((loop) -> assertThat(loop.approximate()).isTrue()));
		});
	}

	@Test
	void whenUserHasResourcesShouldMonitorTheirLoops() {
		this.contextRunner.withBean("partner", LoopResources.class, () -> LoopResources.create("partner", 1, 2, true))
			.run((context) -> {
				assertThat(loops(context).loops()).hasSize(3)
					.allMatch((loop) -> loop.state() == LoopState.NOT_STARTED)
					.allMatch((loop) -> loop.group().equals("partner"));
				assertThat(Thread.getAllStackTraces().keySet())
					.noneMatch((thread) -> thread.getName().startsWith("partner-"));
			});
	}

	@Test
	void whenLoopsAreMonitoredLoopsShouldNotMonitorThemTwice(CapturedOutput output) {
		this.contextRunner
			.withBean("partner", MonitoredLoopResources.class,
					() -> MonitoredLoopResources.builder("partner").workerCount(1).build())
			.withBean("group", EventLoopGroup.class,
					() -> MonitoredLoopResources.builder("group").workerCount(1).build().onServer(true))
			.run((context) -> {
				context.getBean(MonitoredLoopResources.class).onServer(true);
				assertThat(loops(context).loops()).extracting(LoopSnapshot::group, LoopSnapshot::approximate)
					.containsExactly(tuple("partner", false));
				assertThat(output).doesNotContain(LOG_MESSAGE);
			});
	}

	@Test
	void whenResourcesFailShouldWarnAndStart(CapturedOutput output) {
		this.contextRunner.withBean("broken", LoopResources.class, () -> (useNative) -> {
			throw new IllegalStateException("No loops today");
		}).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("The event loops of the bean 'broken' cannot be measured")
				.contains("No loops today");
		});
	}

	private static EventLoopSnapshot loops(AssertableApplicationContext context) {
		return context.getBean(EventLoopMonitor.class).snapshot();
	}

	private static EventLoopGroup server(AssertableApplicationContext context) {
		return context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(LoopResources.DEFAULT_NATIVE);
	}

	@Configuration(proxyBeanMethods = false)
	static class GroupConfiguration {

		@Bean(destroyMethod = "shutdown")
		EventLoopGroup driverLoops() {
			return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyGroupConfiguration {

		@Bean(destroyMethod = "shutdown")
		@Lazy
		EventLoopGroup driverLoops() {
			return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryConfiguration {

		@Bean
		ReactorResourceFactory shopFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory.setLoopResourcesSupplier(() -> LoopResources.create("shop-http", 1, true));
			factory.setShutdownQuietPeriod(Duration.ZERO);
			return factory;
		}

	}

}
