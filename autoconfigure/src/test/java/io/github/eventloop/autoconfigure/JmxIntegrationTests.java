package io.github.eventloop.autoconfigure;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the endpoint over JMX, in a real application.
 */
class JmxIntegrationTests {

	private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void whenExposedShouldShowTheLoopsAndTheirViews() throws Exception {
		ObjectName endpoint = start("management.endpoints.jmx.exposure.include=*");
		assertThat(invoke(endpoint, "eventLoops")).asString().contains("status=STARTING", "p99Millis=");
		Visitor visitor = Visitor.of(this.context);
		visitor.block(Duration.ofMillis(200));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(invoke(endpoint, "view", "hotspots")).asString()
				.contains("cause=", "management.endpoint.eventloop.show-details")
				.doesNotContain("BlockableApplication"));
		assertThat(invoke(endpoint, "view", "diagnosis")).asString()
			.contains("summary=")
			.doesNotContain("BlockableApplication");
		assertThat(invoke(endpoint, "view", "history")).asString().contains("epochMillis=");
		assertThat(invoke(endpoint, "view", "blocking")).asString().contains("detector=");
		assertThat(visitor.status("/actuator/eventloop")).as("over HTTP").isEqualTo(200);
	}

	@Test
	void whenDetailsAreShownToAllShouldShowThem() throws Exception {
		ObjectName endpoint = start("management.endpoints.jmx.exposure.include=eventloop",
				"management.endpoint.eventloop.show-details=always");
		Visitor.of(this.context).block(Duration.ofMillis(200));
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(
					() -> assertThat(invoke(endpoint, "view", "stalls")).asString().contains("BlockableApplication"));
	}

	@Test
	void whenViewIsUnknownShouldListViews() throws Exception {
		ObjectName endpoint = start("management.endpoints.jmx.exposure.include=eventloop");
		assertThatExceptionOfType(JMException.class).isThrownBy(() -> invoke(endpoint, "view", "nonsense"))
			.withStackTraceContaining(
					"There is no view 'nonsense'. Available views: diagnosis, history, stalls, hotspots, blocking.");
	}

	@Test
	void byDefaultShouldNotBeExposed() throws Exception {
		assertThat(start()).isNull();
	}

	private ObjectName start(String... properties) throws Exception {
		String[] all = Stream
			.concat(Stream.of("spring.jmx.enabled=true", "spring.jmx.unique-names=true"), Arrays.stream(properties))
			.toArray(String[]::new);
		this.context = BlockableApplication.run(all);
		Set<ObjectName> names = this.server
			.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Eventloop,*"), null);
		return names.stream().findFirst().orElse(null);
	}

	private Object invoke(ObjectName endpoint, String operation, String... arguments) throws Exception {
		String[] signature = new String[arguments.length];
		Arrays.fill(signature, String.class.getName());
		return this.server.invoke(endpoint, operation, arguments, signature);
	}

}
