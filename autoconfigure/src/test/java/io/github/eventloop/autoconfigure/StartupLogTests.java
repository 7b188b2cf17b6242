package io.github.eventloop.autoconfigure;

import java.util.List;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupLog} and {@link PageLocation}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupLogTests {

	private static final int LOOPS = LoopResources.DEFAULT_IO_WORKER_COUNT;

	@Test
	void shouldLogOnceWhatIsMeasuredAndWhereThePageIs(CapturedOutput output) {
		try (ConfigurableApplicationContext context = BlockableApplication.run()) {
			assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("Measuring " + LOOPS + " event loops (reactor-http) exactly; page at http://127.0.0.1:"
						+ context.getEnvironment().getProperty("local.server.port") + "/actuator/eventloop");
		}
	}

	@Test
	void whenThereAreExternalLoopsShouldCountThem(CapturedOutput output) {
		try (ConfigurableApplicationContext context = BlockableApplication.run(List.of(DriverConfiguration.class),
				"server.servlet.context-path=/ignored", "spring.webflux.base-path=/shop")) {
			assertThat(lines(output)).singleElement()
				.asString()
				.contains("event loops (reactor-http) exactly, 1 event loop (driverLoops) approximately; page at")
				.endsWith(context.getEnvironment().getProperty("local.server.port") + "/shop/actuator/eventloop");
		}
	}

	@Test
	@Tag("servlet")
	void whenServletsHavePathsShouldLogThem(CapturedOutput output) {
		try (ConfigurableApplicationContext context = ServletClientApplication.run("server.servlet.context-path=/shop",
				"spring.mvc.servlet.path=/api", "spring.webflux.base-path=/ignored")) {
			assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("page at http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
						+ "/shop/api/actuator/eventloop");
		}
	}

	@Test
	void whenChildContextIsReadyShouldNotLogAgain(CapturedOutput output) {
		try (ConfigurableApplicationContext parent = new SpringApplicationBuilder(PlainApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off");
				ConfigurableApplicationContext child = new SpringApplicationBuilder(Object.class).parent(parent)
					.web(WebApplicationType.NONE)
					.run("--spring.main.banner-mode=off")) {
			assertThat(child.getParent()).isSameAs(parent);
			assertThat(lines(output)).hasSize(1);
		}
	}

	@Test
	void whenManagementPortIsSeparateShouldLogIt(CapturedOutput output) {
		try (ConfigurableApplicationContext context = BlockableApplication.run("management.server.port=0",
				"management.server.base-path=/manage")) {
			assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("page at http://localhost:" + context.getEnvironment().getProperty("local.management.port")
						+ "/manage/actuator/eventloop");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					management.endpoints.web.exposure.include=health,info | add eventloop to management.endpoints.web.exposure.include, which is health,info
					management.endpoints.web.exposure.exclude=*           | add eventloop to management.endpoints.web.exposure.include, which is health
					management.endpoint.eventloop.access=none             | the endpoint is not available, see management.endpoint.eventloop.access
					management.server.port=-1                             | management.server.port is negative
					""")
	void whenPageIsNotExposedShouldLogWhy(String property, String reason, CapturedOutput output) {
		try (ConfigurableApplicationContext context = BlockableApplication.run(property)) {
			assertThat(context.isRunning()).isTrue();
			assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("Measuring " + LOOPS + " event loops (reactor-http) exactly; no page: " + reason);
		}
	}

	@Test
	void whenExcludedShouldLogTheProperty(CapturedOutput output) {
		try (ConfigurableApplicationContext context = BlockableApplication.run(
				"management.endpoints.web.exposure.include=*",
				"management.endpoints.web.exposure.exclude=env,eventloop")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("no page: remove eventloop from management.endpoints.web.exposure.exclude, which is "
						+ "env,eventloop");
		}
	}

	@Test
	void whenThereIsNoServerShouldLogThatThereAreNoLoopsYet(CapturedOutput output) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(PlainApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("No event loop exists yet: those of clients are measured once they connect; "
						+ "no page: the application has no web server");
		}
	}

	@Test
	void whenDisabledShouldLogTheProperty(CapturedOutput output) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(PlainApplication.class)
			.web(WebApplicationType.NONE)
			.run("--spring.main.banner-mode=off", "--eventloop.enabled=false")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(lines(output)).isEmpty();
			assertThat(output.toString().lines().filter((line) -> line.contains("eventloop.enabled is false")))
				.hasSize(1);
		}
	}

	private static List<String> lines(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains("StartupLog")).toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class DriverConfiguration {

		@Bean(destroyMethod = "shutdownGracefully")
		EventLoopGroup driverLoops() {
			return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class PlainApplication {

	}

}
