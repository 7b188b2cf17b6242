package io.github.eventloop.kubernetes.internal;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/**
 * Client for the Kubernetes API of an application that has none.
 */
public final class OwnClient {

	private static final int TIMEOUT_MILLIS = 2000;

	private OwnClient() {
	}

	/**
	 * Create a client with the configuration of the pod. Does not connect.
	 * @return the client
	 */
	public static KubernetesClient create() {
		return create(Config.autoConfigure(null), TIMEOUT_MILLIS);
	}

	/**
	 * Create a client that gives up soon: the gate needs a decision within seconds, and
	 * makes another attempt itself.
	 */
	static KubernetesClient create(Config config, int timeoutMillis) {
		return new KubernetesClientBuilder()
			.withConfig(new ConfigBuilder(config).withConnectionTimeout(timeoutMillis)
				.withRequestTimeout(timeoutMillis)
				.withRequestRetryBackoffLimit(0)
				.build())
			.build();
	}

}
