package io.github.eventloop.actuate.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.ExternalLoops;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnmeasuredLoops} with threads of Netty.
 */
class UnmeasuredLoopsTests {

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private List<String> names() {
		List<String> names = UnmeasuredLoops.names(this.monitor.snapshot());
		return (names != null) ? names.stream().filter((name) -> name.startsWith("unmeasured")).toList() : List.of();
	}

	@Test
	void loopsThatAreNotMonitoredShouldBeListedUntilTheyAre() {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("unmeasured-nio", true),
				NioIoHandler.newFactory());
		DefaultEventExecutorGroup computing = new DefaultEventExecutorGroup(1,
				new DefaultThreadFactory("unmeasured-computation", true));
		group.submit(() -> {
		}).syncUninterruptibly();
		computing.submit(() -> {
		}).syncUninterruptibly();
		Thread other = new Thread(() -> {
		}, "unmeasured-nio-exec-1");
		other.start();
		assertThat(names()).singleElement().asString().matches("unmeasured-nio-\\d+-1");
		try (ExternalLoops loops = new ExternalLoops(this.monitor)) {
			loops.add("group", group);
			this.monitor.start();
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> names().isEmpty());
		}
		finally {
			this.monitor.close();
			group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
			computing.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	@Test
	void ownLoopsOfAServerShouldBeListed() {
		LoopResources own = LoopResources.create("unmeasured-backend", 1, true);
		DisposableServer server = TcpServer.create().host("127.0.0.1").port(0).runOn(own).bindNow();
		assertThat(names()).singleElement().asString().matches("unmeasured-backend-(epoll|nio)-1");
		server.disposeNow();
		own.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

}
