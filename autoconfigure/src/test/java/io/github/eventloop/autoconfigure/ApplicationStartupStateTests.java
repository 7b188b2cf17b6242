package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
import io.github.eventloop.health.TestSecond;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ApplicationStartupState}.
 */
class ApplicationStartupStateTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whenRunByASpringApplicationShouldBeReadyAfterTheRunners(boolean lazy) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Judging.class, Running.class)
			.web(WebApplicationType.NONE)
			.lazyInitialization(lazy)
			.run("--spring.main.banner-mode=off", "--eventloop.health.startup-grace=0s")) {
			assertThat(context.getBean(Running.class).statuses).containsExactly(EventLoopStatus.STARTING);
			assertThat(judgeStuck(context)).isEqualTo(EventLoopStatus.STUCK);
		}
	}

	@Test
	void whenRunByASpringApplicationWithAParentShouldBeReadyAfterTheRunners() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Empty.class)
			.web(WebApplicationType.NONE)
			.child(Judging.class, Running.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--eventloop.health.startup-grace=0s")) {
			assertThat(context.getBean(Running.class).statuses).containsExactly(EventLoopStatus.STARTING);
			assertThat(judgeStuck(context)).isEqualTo(EventLoopStatus.STUCK);
		}
	}

	@Test
	void whenReadinessIsTakenBackShouldHaveBeenReadyOnce() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Judging.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--eventloop.health.startup-grace=0s")) {
			AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
			assertThat(judgeStuck(context)).isEqualTo(EventLoopStatus.STUCK);
		}
	}

	@Test
	void whenContextIsNotRunByASpringApplicationShouldBeReadyOnceItIsRefreshed() {
		new ApplicationContextRunner().withUserConfiguration(Judging.class)
			.withPropertyValues("eventloop.health.startup-grace=0s")
			.run((context) -> assertThat(judgeStuck(context)).isEqualTo(EventLoopStatus.STUCK));
	}

	@Test
	void whenAnotherContextIsRefreshedShouldNotBeReady() {
		GenericApplicationContext context = new GenericApplicationContext();
		GenericApplicationContext child = new GenericApplicationContext(context);
		ApplicationStartupState state = new ApplicationStartupState(context, null);
		state.onApplicationEvent(new ContextRefreshedEvent(child));
		assertThat(state.isReady()).isFalse();
		state.onApplicationEvent(new ContextRefreshedEvent(context));
		assertThat(state.isReady()).isTrue();
	}

	private static EventLoopStatus judgeStuck(ApplicationContext context) {
		EventLoopHealth health = context.getBean(EventLoopHealth.class);
		health.onSecond(TestSecond.at(1).loop("one", LoopState.STALLED, Duration.ofSeconds(9)).build());
		return health.status();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(EventLoopStatusAutoConfiguration.class)
	static class Judging {

		@Bean
		EventLoopMonitor monitor() {
			return new EventLoopMonitor(MonitorSettings.DEFAULT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

	@Configuration(proxyBeanMethods = false)
	static class Running {

		private final List<EventLoopStatus> statuses = new ArrayList<>();

		@Bean
		ApplicationRunner runner(ApplicationContext context) {
			return (arguments) -> this.statuses.add(judgeStuck(context));
		}

	}

}
