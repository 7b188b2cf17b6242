package io.github.eventloop.autoconfigure;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.kubernetes.internal.AvailabilityFloor;
import io.github.eventloop.kubernetes.internal.KubernetesReadinessGate;
import io.github.eventloop.kubernetes.internal.OwnClient;
import io.github.eventloop.kubernetes.internal.PodIdentity;
import io.github.eventloop.kubernetes.internal.UnknownPodGate;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a {@link ReadinessGate} that
 * counts the endpoints of the Kubernetes Services of this pod.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(name = "io.netty.channel.MultiThreadIoEventLoopGroup")
@Conditional(OnServiceRole.class)
@ConditionalOnEventLoopEnabled(value = "eventloop.readiness.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = KubernetesFleet.PROPERTY, havingValue = KubernetesFleet.VALUE)
public final class EventLoopKubernetesAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(value = KubernetesClient.class, name = "io.fabric8.kubernetes.client.impl.KubernetesClientImpl")
	@EnableConfigurationProperties(ReadinessProperties.class)
	static class ClientConfiguration {

		private static final Log logger = LogFactory.getLog(EventLoopKubernetesAutoConfiguration.class);

		@Bean
		@ConditionalOnMissingBean
		ReadinessGate eventLoopKubernetesReadinessGate(ReadinessProperties properties,
				ObjectProvider<KubernetesClient> clients, Environment environment) {
			AvailabilityFloor floor = properties.toFloor();
			KubernetesClient shared = clients.getIfUnique();
			KubernetesClient client = (shared != null) ? shared : newClient();
			Runnable close = (shared != null) ? () -> {
			} : client::close;
			PodIdentity pod = pod(environment, client.getNamespace(), shared == null);
			if (pod == null) {
				close.run();
				String reason = "the pod of this instance is not known:"
						+ " set the environment variables POD_NAME and POD_NAMESPACE";
				logger.warn("With " + KubernetesFleet.PROPERTY + "=" + KubernetesFleet.VALUE
						+ ", this instance will stay in service even if it is overloaded or stuck, because " + reason);
				return new UnknownPodGate(reason);
			}
			return new KubernetesReadinessGate(client, pod, floor, close);
		}

		private static KubernetesClient newClient() {
			try {
				return OwnClient.create();
			}
			catch (KubernetesClientException ex) {
				// There is no HTTP client, or the configuration of the pod is broken.
				throw KubernetesFleet.withoutClient(ex);
			}
		}

		private static @Nullable PodIdentity pod(Environment environment, @Nullable String namespaceOfClient,
				boolean ownClient) {
			String name = environment.getProperty("POD_NAME", "");
			String host = environment.getProperty("HOSTNAME", "");
			String namespace = environment.getProperty("POD_NAMESPACE", "");
			// A client of the application may be configured for another namespace.
			boolean certain = !name.isBlank() && (ownClient || !namespace.isBlank());
			if (namespace.isBlank() && namespaceOfClient != null) {
				namespace = namespaceOfClient;
			}
			if (namespace.isBlank() || (name.isBlank() && host.isBlank())) {
				return null;
			}
			return new PodIdentity(name.isBlank() ? host : name, namespace, certain);
		}

	}

	/** Fails: without a client, the property has no effect. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("io.fabric8.kubernetes.client.impl.KubernetesClientImpl")
	static class MissingClientConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ReadinessGate eventLoopMissingReadinessGate() {
			throw KubernetesFleet.withoutClient(null);
		}

	}

}
