package io.github.eventloop.autoconfigure;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.health.ReadinessGate.Decision;
import io.github.eventloop.health.ReadinessGate.Departure;
import io.github.eventloop.kubernetes.internal.KubernetesReadinessGate;
import io.github.eventloop.kubernetes.internal.TestCluster;
import io.github.eventloop.kubernetes.internal.UnknownPodGate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopKubernetesAutoConfiguration}.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class EventLoopKubernetesAutoConfigurationTests {

	private final TestCluster cluster = new TestCluster();

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopKubernetesAutoConfiguration.class))
		.withPropertyValues("eventloop.readiness.fleet=kubernetes", "POD_NAME=a", "POD_NAMESPACE=shops");

	@AfterEach
	void resetCluster() throws Exception {
		this.cluster.reset();
	}

	@AfterAll
	void closeCluster() throws Exception {
		this.cluster.close();
	}

	@Test
	void byDefaultShouldHaveNoGate() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopKubernetesAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ReadinessGate.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "eventloop.readiness.fleet=none", "eventloop.enabled=false",
			"eventloop.readiness.enabled=false" })
	void whenDisabledShouldHaveNoGate(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ReadinessGate.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "kubernetes", "KUBERNETES", "Kubernetes" })
	void whenEnabledShouldHaveTheGate(String value) {
		this.contextRunner.withPropertyValues("eventloop.readiness.fleet=" + value)
			.run((context) -> assertThat(context).getBean(ReadinessGate.class)
				.isInstanceOf(KubernetesReadinessGate.class));
	}

	@Test
	void whenValueIsUnknownShouldFailToStart() {
		this.contextRunner.withConfiguration(Library.autoConfigurations(EventLoopKubernetesAutoConfiguration.class))
			.withPropertyValues("eventloop.readiness.fleet=consul")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("ReadinessProperties.Fleet.consul"));
	}

	@Test
	void shouldUseTheClientOfTheApplicationAndLeaveItOpen() {
		this.cluster.service("shop", "a", "b", "c");
		KubernetesClient client = client();
		this.contextRunner
			.withBean(KubernetesClient.class, () -> client,
					(definition) -> ((AbstractBeanDefinition) definition).setDestroyMethodName(""))
			.run((context) -> {
				ReadinessGate gate = context.getBean(ReadinessGate.class);
				assertThat(leave(gate).granted()).isTrue();
				gate.returned();
			});
		assertThat(client.leases().inNamespace(TestCluster.NAMESPACE).list().getItems()).hasSize(1);
		client.close();
	}

	@Test
	void shouldUseMinAvailable() {
		this.cluster.service("shop", "a", "b");
		ReactiveWebApplicationContextRunner runner = this.contextRunner.withBean(KubernetesClient.class, this::client);
		runner.run((context) -> assertThat(leave(context.getBean(ReadinessGate.class)).granted()).isFalse());
		runner.withPropertyValues("eventloop.readiness.min-available=50")
			.run((context) -> assertThat(leave(context.getBean(ReadinessGate.class)).granted()).isTrue());
	}

	@Test
	void whenThereAreSeveralClientsShouldUseItsOwn() {
		this.cluster.service("shop", "a", "b", "c");
		this.contextRunner.withBean("first", KubernetesClient.class, this::client)
			.withBean("second", KubernetesClient.class, this::client)
			.withSystemProperties("kubernetes.master=" + this.cluster.url(), "kubernetes.auth.tryKubeConfig=false")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ReadinessGate.class));
	}

	@Test
	void shouldCreateAClientWithShortTimeoutsFromTheConfigurationOfThePod() {
		this.cluster.service("shop", "a", "b", "c");
		this.contextRunner
			.withSystemProperties("kubernetes.master=" + this.cluster.url(), "kubernetes.auth.tryKubeConfig=false")
			.run((context) -> assertThat(leave(context.getBean(ReadinessGate.class)).granted()).isTrue());
	}

	@Test
	void whenUserHasAGateShouldBackOff() {
		ReadinessGate own = new UnknownPodGate("own");
		this.contextRunner.withBean(ReadinessGate.class, () -> own)
			.withPropertyValues("eventloop.readiness.min-available=many")
			.run((context) -> assertThat(context).getBean(ReadinessGate.class).isSameAs(own));
	}

	@ParameterizedTest
	@ValueSource(strings = { "101%", "0.6", "many", "-1" })
	void whenMinAvailableIsInvalidShouldFailToStart(String value) {
		this.contextRunner.withPropertyValues("eventloop.readiness.min-available=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(invalid(context.getStartupFailure())).satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("eventloop.readiness.min-available");
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getReason()).isEqualTo("must be a whole percentage from 0% to 100%, such as 60%");
			});
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.fabric8.kubernetes", "io.fabric8.kubernetes.client.impl" })
	void whenClientIsMissingShouldFailToStart(String missing) {
		this.contextRunner.withClassLoader(new FilteredClassLoader(missing)).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(invalid(context.getStartupFailure())).satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("eventloop.readiness.fleet");
				assertThat(ex.getReason()).contains("io.fabric8:kubernetes-client");
			});
		});
	}

	@Test
	void whenClientCannotBeCreatedShouldFailToStartWithTheReason() {
		this.contextRunner
			.withSystemProperties("kubernetes.master=https://localhost:1", "kubernetes.certs.ca.file=/nonexistent",
					"kubernetes.auth.tryKubeConfig=false")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(invalid(context.getStartupFailure()).getReason())
					.contains("io.fabric8:kubernetes-httpclient-jdk")
					.contains("The client could not be created: ")
					.contains("/nonexistent");
			});
	}

	@Test
	void whenPodIsNotKnownShouldWarnAndStay(CapturedOutput output) {
		this.contextRunner.withPropertyValues("POD_NAME=", "HOSTNAME=").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN")
				.contains("With eventloop.readiness.fleet=kubernetes, this instance will stay in service");
			assertThat(leave(context.getBean(ReadinessGate.class)))
				.isEqualTo(Decision.refused("the pod of this instance is not known: "
						+ "set the environment variables POD_NAME and POD_NAMESPACE"));
		});
	}

	@Test
	void whenOnlyTheHostIsKnownShouldUseItsName() {
		this.cluster.service("shop", "host", "b", "c");
		this.contextRunner.withBean(KubernetesClient.class, this::client)
			.withPropertyValues("POD_NAME=", "HOSTNAME=host", "POD_NAMESPACE=")
			.run((context) -> assertThat(leave(context.getBean(ReadinessGate.class)).granted()).isTrue());
		this.contextRunner.withBean(KubernetesClient.class, this::client)
			.withPropertyValues("POD_NAME=", "HOSTNAME=other")
			.run((context) -> assertThat(leave(context.getBean(ReadinessGate.class)).reason()).contains("POD_NAME"));
	}

	@Test
	void whenServletApplicationShouldBackOff() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopKubernetesAutoConfiguration.class))
			.withPropertyValues("eventloop.readiness.fleet=kubernetes")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ReadinessGate.class));
	}

	@Test
	void whenReactorNettyIsMissingShouldBackOff() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopKubernetesAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.withPropertyValues("eventloop.readiness.fleet=kubernetes")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ReadinessGate.class));
	}

	private KubernetesClient client() {
		return new KubernetesClientBuilder()
			.withConfig(new ConfigBuilder().withMasterUrl(this.cluster.url()).withNamespace("shops").build())
			.build();
	}

	private static Decision leave(ReadinessGate gate) throws Exception {
		return gate.leave(new Departure(EventLoopStatus.OVERLOADED, "p99 of 300 ms", (reason) -> {
		}));
	}

	private static InvalidConfigurationPropertyValueException invalid(Throwable failure) {
		Throwable cause = failure;
		while (!(cause instanceof InvalidConfigurationPropertyValueException)) {
			cause = cause.getCause();
		}
		return (InvalidConfigurationPropertyValueException) cause;
	}

}
