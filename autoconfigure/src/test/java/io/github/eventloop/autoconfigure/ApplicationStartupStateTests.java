package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.GenericApplicationContext;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ApplicationStartupState}.
 */
class ApplicationStartupStateTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenRunByASpringApplicationShouldBeReadyAfterTheRunners(boolean lazy) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(StatusConfiguration.class,
				RunnerConfiguration.class)
			.web(WebApplicationType.NONE)
			.lazyInitialization(lazy)
			.run("--spring.main.banner-mode=off", "--eventloop.health.startup-grace=0s",
					"--eventloop.health.leave-within=0s", "--eventloop.readiness.enabled=true")) {
			assertThat(context.getBean(RunnerConfiguration.class).statuses).containsExactly(EventLoopStatus.STARTING);
			assertThat(statusWithStuckLoop(context)).isEqualTo(EventLoopStatus.STUCK);
		}
	}

	@Test
	void whenRunByASpringApplicationWithAParentShouldBeReadyAfterTheRunners() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(EmptyConfiguration.class)
			.web(WebApplicationType.NONE)
			.child(StatusConfiguration.class, RunnerConfiguration.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--eventloop.health.startup-grace=0s",
					"--eventloop.health.leave-within=0s", "--eventloop.readiness.enabled=true")) {
			assertThat(context.getBean(RunnerConfiguration.class).statuses).containsExactly(EventLoopStatus.STARTING);
			assertThat(statusWithStuckLoop(context)).isEqualTo(EventLoopStatus.STUCK);
		}
	}

	@Test
	void whenReadinessIsRevokedShouldStayReady() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(StatusConfiguration.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--eventloop.health.startup-grace=0s",
					"--eventloop.health.leave-within=0s", "--eventloop.readiness.enabled=true")) {
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			assertThat(statusWithStuckLoop(context)).isEqualTo(EventLoopStatus.STUCK);
		}
	}

	@Test
	void whenContextIsNotRunByASpringApplicationShouldBeReadyOnceItIsRefreshed() {
		new ApplicationContextRunner().withUserConfiguration(StatusConfiguration.class)
			.withPropertyValues("eventloop.health.startup-grace=0s", "eventloop.health.leave-within=0s",
					"eventloop.readiness.enabled=true")
			.run((context) -> assertThat(statusWithStuckLoop(context)).isEqualTo(EventLoopStatus.STUCK));
	}

	@Test
	void whenAnotherContextIsRefreshedShouldNotBeReady() {
		GenericApplicationContext context = new GenericApplicationContext();
		GenericApplicationContext child = new GenericApplicationContext(context);
		StallDetector stalls = new StallDetector(new EventLoopMonitor(MonitorSettings.DEFAULT),
				new StackReader(List.of()), StallSettings.DEFAULT);
		ApplicationStartupState state = new ApplicationStartupState(context, stalls);
		state.onApplicationEvent(new ContextRefreshedEvent(child));
		assertThat(state.isReady()).isFalse();
		state.onApplicationEvent(new ContextRefreshedEvent(context));
		assertThat(state.isReady()).isTrue();
	}

	@Test
	void whenLoopLoadsClassesShouldBeExcusedAndWhenItWaitsShouldNot() {
		CountDownLatch end = new CountDownLatch(1);
		MonitoredLoopResources resources = MonitoredLoopResources.builder("young")
			.selectCount(1)
			.workerCount(1)
			.build();
		EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
		StallDetector stalls = new StallDetector(monitor, new StackReader(List.of()), StallSettings.DEFAULT);
		try {
			resources.onServer(true).next().execute(() -> {
			});
			monitor.addSource(resources);
			stalls.start();
			monitor.start();
			MonitoredLoop loop = resources.loops().get(0);
			StartupState state = new ApplicationStartupState(new GenericApplicationContext(), stalls);
			assertThat(state.slowStartReason(loop.name())).isNull();
			AtomicBoolean loaded = new AtomicBoolean();
			loop.execute(() -> load(loaded));
			await(() -> "while it loads classes".equals(state.slowStartReason(loop.name())));
			assertThat(state.slowStartReason("another")).isNull();
			loaded.set(true);
			await(() -> stalls.stalls().stream().noneMatch(Stall::inProgress));
			assertThat(state.slowStartReason(loop.name())).isNull();
			loop.execute(() -> waitFor(end));
			await(() -> stalls.stalls()
				.stream()
				.anyMatch((stall) -> stall.inProgress() && stall.samples().count() > 2));
			assertThat(state.slowStartReason(loop.name())).isNull();
		}
		finally {
			end.countDown();
			stalls.close();
			monitor.close();
			resources.dispose();
		}
	}

	/** Use the CPU within {@code ClassLoader.loadClass}. */
	private static void load(AtomicBoolean loaded) {
		try {
			new ClassLoader() {

				@Override
				protected Class<?> findClass(String name) throws ClassNotFoundException {
					while (!loaded.get()) {
						Thread.onSpinWait();
					}
					throw new ClassNotFoundException(name);
				}

			}.loadClass("com.acme.Missing");
		}
		catch (ClassNotFoundException ex) {
			// Expected: the class does not exist.
		}
	}

	private static void waitFor(CountDownLatch end) {
		try {
			end.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
	}

	private static EventLoopStatus statusWithStuckLoop(ApplicationContext context) {
		EventLoopHealth health = context.getBean(EventLoopHealth.class);
		health.onSecond(TestSecond.at(1).loop("one", LoopState.STALLED, Duration.ofSeconds(9)).build());
		return health.status();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(EventLoopAutoConfiguration.class)
	static class StatusConfiguration {

		@Bean
		EventLoopMonitor monitor() {
			return new UnstartedMonitor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EmptyConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class RunnerConfiguration {

		private final List<EventLoopStatus> statuses = new ArrayList<>();

		@Bean
		ApplicationRunner runner(ApplicationContext context) {
			return (arguments) -> this.statuses.add(statusWithStuckLoop(context));
		}

	}

}
