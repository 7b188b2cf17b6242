package io.github.eventloop.documentation;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import io.github.eventloop.junit.EventLoopExtension;
import io.github.eventloop.junit.FailOnEventLoopStall;

/**
 * Code of {@code docs/testing.md}: a snippet is the code between its {@code tag} and
 * {@code end} lines. Compiled, but not run.
 */
@SuppressWarnings("ClassCanBeStatic") // Most test classes of users are not nested.
class JunitSnippets {

	// tag::annotation
	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@FailOnEventLoopStall
	class ShopTests {

		// end::annotation

		// tag::method
		@Test
		@FailOnEventLoopStall(enabled = false)
		void importMayBlock() {
			// end::method
		}

	}

	static class Registered {

		// tag::registered
		@RegisterExtension
		static final EventLoopExtension loops = EventLoopExtension.withThreshold(Duration.ofMillis(50))
			.inPackages("com.acme");

		// end::registered

	}

}
