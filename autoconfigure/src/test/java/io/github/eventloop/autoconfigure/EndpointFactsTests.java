package io.github.eventloop.autoconfigure;

import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.springframework.boot.info.BuildProperties;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointFacts}.
 */
class EndpointFactsTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("HOSTNAME", "shop-1")
		.withProperty("spring.application.version", "1.4");

	@Test
	void whenBuildIsKnownVersionShouldBeThatOfTheBuild() {
		Properties build = new Properties();
		assertThat(version(new BuildProperties(build))).isEqualTo("1.4");
		build.setProperty("version", "1.5");
		assertThat(version(new BuildProperties(build))).isEqualTo("1.5");
	}

	private String version(BuildProperties build) {
		return EndpointFacts.application(this.environment, build).version();
	}

	@Test
	void whenNameOfPodIsUnknownHostShouldBeTheNameOfTheHost() {
		assertThat(EndpointFacts.application(this.environment, null).host()).isEqualTo("shop-1");
		this.environment.setProperty("POD_NAME", "shop-2");
		assertThat(EndpointFacts.application(this.environment, null).host()).isEqualTo("shop-2");
	}

}
