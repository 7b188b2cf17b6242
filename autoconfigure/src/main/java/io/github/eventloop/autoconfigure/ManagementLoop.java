package io.github.eventloop.autoconfigure;

import java.time.Duration;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * The one event loop of the management server, which starts and ends with its context.
 */
class ManagementLoop implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, SmartLifecycle {

	private final EventLoopMonitor monitor;

	/** No bean: in this context, too, the application's is the one to be injected. */
	private final ReactorResourceFactory resourceFactory = new ReactorResourceFactory();

	ManagementLoop(EventLoopMonitor monitor) {
		this.monitor = monitor;
		this.resourceFactory.setUseGlobalResources(false);
		this.resourceFactory.setLoopResourcesSupplier(this::newLoop);
		// The server has ended by then, and there are no clients to be quiet.
		this.resourceFactory.setShutdownQuietPeriod(Duration.ZERO);
	}

	private LoopResources newLoop() {
		MonitoredLoopResources loop = MonitoredLoopResources.builder("management-http")
			.selectCount(-1)
			.workerCount(1)
			.forManagement()
			.build();
		this.monitor.watch(loop);
		return loop;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		factory.setResourceFactory(this.resourceFactory);
	}

	@Override
	public void start() {
		this.resourceFactory.start();
	}

	@Override
	public void stop() {
		this.resourceFactory.stop();
	}

	@Override
	public boolean isRunning() {
		return this.resourceFactory.isRunning();
	}

	/** Before the server starts, and after it has ended. */
	@Override
	public int getPhase() {
		return this.resourceFactory.getPhase();
	}

	@Override
	public boolean isPauseable() {
		return this.resourceFactory.isPauseable();
	}

}
