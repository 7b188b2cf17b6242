package io.github.eventloop.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.BootstrapContext;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoopDiscoveryEnvironmentPostProcessor}.
 */
class LoopDiscoveryEnvironmentPostProcessorTests {

	private static final String PROPERTY = LoopDiscoveryEnvironmentPostProcessor.NETTY_PROPERTY;

	private @Nullable String before;

	@BeforeEach
	void clear() {
		this.before = System.getProperty(PROPERTY);
		System.clearProperty(PROPERTY);
	}

	@AfterEach
	void restore() {
		System.clearProperty(PROPERTY);
		if (this.before != null) {
			System.setProperty(PROPERTY, this.before);
		}
	}

	@Test
	void shouldBeRegistered() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation(null)
			.load(EnvironmentPostProcessor.class,
					ArgumentResolver.of(DeferredLogFactory.class, (log) -> log.get())
						.and(BootstrapContext.class, null)))
			.hasAtLeastOneElementOfType(LoopDiscoveryEnvironmentPostProcessor.class);
	}

	@Test
	void shouldLetNettyUseExtensions() {
		run(Map.of());
		assertThat(System.getProperty(PROPERTY)).isEqualTo("serviceload");
	}

	@ParameterizedTest
	@ValueSource(strings = { "eventloop.enabled", "eventloop.foreign.enabled", "eventloop.foreign.discovery" })
	void whenDisabledShouldLeaveThePropertyUnset(String property) {
		run(Map.of(property, "false"));
		assertThat(System.getProperty(PROPERTY)).isNull();
	}

	@Test
	void withoutNettyShouldLeaveThePropertyUnset() {
		run(Map.of(), new FilteredClassLoader("io.netty"));
		assertThat(System.getProperty(PROPERTY)).isNull();
	}

	@Test
	void whenValueIsInvalidShouldLeaveItToOthersToReportIt() {
		run(Map.of("eventloop.foreign.discovery", "maybe"));
		assertThat(System.getProperty(PROPERTY)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "log", "", "false" })
	void whenPropertyIsSetShouldKeepIt(String value) {
		System.setProperty(PROPERTY, value);
		run(Map.of());
		assertThat(System.getProperty(PROPERTY)).isEqualTo(value);
	}

	private static void run(Map<String, Object> properties) {
		run(properties, LoopDiscoveryEnvironmentPostProcessorTests.class.getClassLoader());
	}

	private static void run(Map<String, Object> properties, ClassLoader classLoader) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		new LoopDiscoveryEnvironmentPostProcessor((log) -> log.get()).postProcessEnvironment(environment,
				new SpringApplication(new DefaultResourceLoader(classLoader)));
	}

}
