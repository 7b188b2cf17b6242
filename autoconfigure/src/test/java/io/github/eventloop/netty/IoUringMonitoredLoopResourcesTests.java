package io.github.eventloop.netty;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.eventloop.netty.internal.Transport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MonitoredLoopResources} where Reactor Netty prefers io_uring.
 */
@Tag("io-uring")
class IoUringMonitoredLoopResourcesTests extends MonitoredLoopResourcesTests {

	@BeforeAll
	static void requireIoUring() {
		Assumptions.assumeTrue(Transport.IO_URING.isAvailable(),
				() -> "io_uring is not available: " + Transport.IO_URING.unavailability());
	}

	@Test
	void shouldPreferIoUring() {
		assertThat(Transport.PREFERRED).isEqualTo(Transport.IO_URING);
	}

}
