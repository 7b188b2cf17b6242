package io.github.eventloop.kubernetes.internal;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OwnClient}.
 */
class OwnClientTests {

	@Test
	void shouldGiveUpSoonAndNotRepeatRequests() {
		try (KubernetesClient client = OwnClient.create()) {
			Config config = client.getConfiguration();
			assertThat(config.getConnectionTimeout()).isEqualTo(2000);
			assertThat(config.getRequestTimeout()).isEqualTo(2000);
			assertThat(config.getRequestRetryBackoffLimit()).isZero();
		}
	}

}
