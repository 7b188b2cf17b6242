package io.github.eventloop.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopExposureEnvironmentPostProcessor}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventLoopExposureEnvironmentPostProcessorTests {

	@Test
	void whenNothingIsSetShouldExpose() {
		assertThat(exposed(application())).isEqualTo("health,eventloop");
	}

	@ParameterizedTest
	@ValueSource(strings = { "true", "TRUE", "on", "Yes", "1" })
	void whenLibraryIsEnabledShouldExpose(String enabled) {
		assertThat(exposed(application(), "eventloop.enabled", enabled)).isEqualTo("health,eventloop");
	}

	/** A value that is not a boolean fails the startup later, when Boot can report it. */
	@ParameterizedTest
	@ValueSource(strings = { "false", "False", "off", "no", "0", "maybe", "2", "enabled", "", "${nothing}" })
	void whenLibraryIsNotEnabledShouldNotExpose(String enabled) {
		assertThat(exposed(application(), "eventloop.enabled", enabled)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "include", "exclude", "include[0]", "exclude[0]" })
	void whenUserConfiguredExposureShouldNotChangeIt(String property) {
		String name = "management.endpoints.web.exposure." + property;
		assertThat(exposed(application(), name, "env")).isEqualTo(property.equals("include") ? "env" : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.actuate", "org.springframework.boot.actuate.autoconfigure",
			"io.netty", "reactor.core" })
	void whenEndpointIsNotAvailableShouldNotExpose(String missing) {
		SpringApplication application = new SpringApplication(
				new DefaultResourceLoader(new FilteredClassLoader(missing)), Object.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		assertThat(exposed(application)).isNull();
	}

	@Test
	void whenServletApplicationWithDriverShouldExpose() {
		SpringApplication application = new SpringApplication(
				new DefaultResourceLoader(new FilteredClassLoader("reactor.netty")), Object.class);
		application.setWebApplicationType(WebApplicationType.SERVLET);
		assertThat(exposed(application)).isEqualTo("health,eventloop");
	}

	@Test
	void whenLibraryIsDisabledShouldSaySo(CapturedOutput output) {
		exposed(application(), "eventloop.enabled", "false");
		assertThat(output).contains("Event loops are not measured: eventloop.enabled is false");
	}

	@Test
	void whenThereIsNoNettyShouldSayNothing(CapturedOutput output) {
		exposed(new SpringApplication(new DefaultResourceLoader(new FilteredClassLoader("io.netty")), Object.class),
				"eventloop.enabled", "false");
		assertThat(output).doesNotContain("not measured");
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(Object.class);
		application.setWebApplicationType(WebApplicationType.REACTIVE);
		return application;
	}

	private static @Nullable String exposed(SpringApplication application, String... properties) {
		Map<String, Object> user = new HashMap<>();
		for (int i = 0; i < properties.length; i += 2) {
			user.put(properties[i], properties[i + 1]);
		}
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("user", user));
		new EventLoopExposureEnvironmentPostProcessor(Supplier::get).postProcessEnvironment(environment, application);
		return environment.getProperty("management.endpoints.web.exposure.include");
	}

}
