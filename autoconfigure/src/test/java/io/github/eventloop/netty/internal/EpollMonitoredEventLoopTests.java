package io.github.eventloop.netty.internal;

/**
 * Tests for {@link MonitoredEventLoop} on Linux epoll.
 */
class EpollMonitoredEventLoopTests extends AbstractMonitoredEventLoopTests {

	EpollMonitoredEventLoopTests() {
		super(Transport.EPOLL);
	}

}
