package io.github.eventloop.netty.internal;

/**
 * Tests for {@link MonitoredEventLoop} on Java NIO.
 */
class NioMonitoredEventLoopTests extends AbstractMonitoredEventLoopTests {

	NioMonitoredEventLoopTests() {
		super(Transport.NIO);
	}

}
