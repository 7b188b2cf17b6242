package io.github.eventloop.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OnServiceRole}.
 */
class OnServiceRoleTests {

	@Test
	void reactiveWebApplicationShouldHoldTheRole() {
		new ReactiveWebApplicationContextRunner().run((context) -> assertThat(isHeld(context)).isTrue());
	}

	@Test
	void whenWebFluxIsMissingShouldNotHoldTheRole() {
		new ReactiveWebApplicationContextRunner()
			.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive"))
			.run((context) -> assertThat(isHeld(context)).isFalse());
	}

	@Test
	void otherApplicationsShouldHoldTheRoleOnRequestOnly() {
		new WebApplicationContextRunner().run((context) -> assertThat(isHeld(context)).isFalse());
		new ApplicationContextRunner().run((context) -> assertThat(isHeld(context)).isFalse());
		new ApplicationContextRunner().withPropertyValues("eventloop.readiness.enabled=on")
			.run((context) -> assertThat(isHeld(context)).isTrue());
		new ApplicationContextRunner().withPropertyValues("eventloop.readiness.enabled=true", "eventloop.enabled=false")
			.run((context) -> assertThat(isHeld(context)).isFalse());
	}

	private static boolean isHeld(ApplicationContext context) {
		return OnServiceRole.isHeld(context.getEnvironment(), context);
	}

}
