package io.github.eventloop.autoconfigure;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.eventloop.netty.internal.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops of Lettuce on io_uring, which it uses if epoll is disabled.
 */
@Tag("io-uring")
class IoUringLettuceLoopsIntegrationTests extends LettuceLoopsIntegrationTests {

	private static final String EPOLL = "io.lettuce.core.epoll";

	@BeforeAll
	static void requireIoUring() {
		Assumptions.assumeTrue(Transport.IO_URING.isAvailable(),
				() -> "io_uring is not available: " + Transport.IO_URING.unavailability());
		System.setProperty(EPOLL, "false");
	}

	@AfterAll
	static void enableEpoll() {
		System.clearProperty(EPOLL);
	}

	@Test
	void shouldUseIoUring() {
		assertThat(threadsAfterConnecting(this.runner)).contains("lettuce-io_uringEventLoop-n-1");
	}

}
