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
 * Event loop of the management server, which is started and stopped with the management
 * context.
 */
class ManagementLoop implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, SmartLifecycle {

	private final EventLoopMonitor monitor;

	/**
	 * Not a bean, so that the application's factory is the one that is injected in this
	 * context, too.
	 */
	private final ReactorResourceFactory resourceFactory = new ReactorResourceFactory();

	ManagementLoop(EventLoopMonitor monitor) {
		this.monitor = monitor;
		this.resourceFactory.setUseGlobalResources(false);
		this.resourceFactory.setLoopResourcesSupplier(this::newLoop);
		// The server has stopped by then, so there are no clients to wait for.
		this.resourceFactory.setShutdownQuietPeriod(Duration.ZERO);
	}

	private LoopResources newLoop() {
		MonitoredLoopResources loop = MonitoredLoopResources.builder("management-http")
			.selectCount(-1)
			.workerCount(1)
			.forManagement()
			.build();
		this.monitor.addSource(loop);
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

	/** Start before the server, and stop after it. */
	@Override
	public int getPhase() {
		return this.resourceFactory.getPhase();
	}

	@Override
	public boolean isPauseable() {
		return this.resourceFactory.isPauseable();
	}

}
