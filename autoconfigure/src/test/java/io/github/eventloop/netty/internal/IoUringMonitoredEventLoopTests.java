package io.github.eventloop.netty.internal;

import org.junit.jupiter.api.Tag;

/**
 * Tests for {@link MonitoredEventLoop} on Linux io_uring.
 */
@Tag("io-uring")
class IoUringMonitoredEventLoopTests extends AbstractMonitoredEventLoopTests {

	IoUringMonitoredEventLoopTests() {
		super(Transport.IO_URING);
	}

}
