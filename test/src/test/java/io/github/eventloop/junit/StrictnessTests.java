package io.github.eventloop.junit;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Strictness}.
 */
class StrictnessTests {

	@Test
	void packagesShouldBeThoseAroundTheTest() {
		assertThat(Strictness.DEFAULT.applicationPackages(WebClient.class)).containsExactly("org.springframework",
				"org.springframework.web.reactive.function.client");
	}

	@Test
	void packagesShouldBeThoseOfTheTestWhereTheRootIsShared() {
		assertThat(Strictness.DEFAULT.applicationPackages(getClass())).containsExactly("io.github.eventloop",
				"io.github.eventloop.junit");
	}

	@Test
	void packagesShouldBeThoseThatTheUserNames() {
		Strictness strictness = new Strictness(true, Duration.ofMillis(10), false, List.of("com.acme", "com.other"));
		assertThat(strictness.applicationPackages(getClass())).containsExactly("com.acme", "com.other");
	}

	@Test
	void defaultsShouldBeThoseOfTheAnnotation() {
		FailOnEventLoopStall annotation = Annotated.class.getAnnotation(FailOnEventLoopStall.class);
		assertThat(Strictness.of(annotation)).isEqualTo(Strictness.DEFAULT);
	}

	@FailOnEventLoopStall
	static class Annotated {

	}

}
