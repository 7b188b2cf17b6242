package io.github.eventloop.drivers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.MonitoredLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DriverLoops} with channels of Netty.
 */
class DriverLoopsTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final DriverLoops loops = new DriverLoops(false);

	private final List<EventLoopGroup> groups = new ArrayList<>();

	@AfterEach
	void shutDown() {
		this.groups.forEach((group) -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly());
	}

	private EventLoopGroup newGroup(int size) {
		EventLoopGroup group = this.loops.newGroup("driver", size, new DefaultThreadFactory("driver", true),
				NioSocketChannel.class);
		this.groups.add(group);
		return group;
	}

	@Test
	void loopsShouldBelongToTheirComponent() {
		newGroup(2);
		assertThat(this.loops.loops()).hasSize(2).allSatisfy((loop) -> {
			assertThat(loop.component()).isEqualTo("driver");
			assertThat(loop.group()).isEqualTo("driver");
			assertThat(loop.roles()).containsExactly(LoopRole.DRIVER);
			assertThat(loop.isCounted()).isFalse();
		});
		assertThat(this.loops.loops()).extracting(MonitoredLoop::name).containsExactly("driver-1", "driver-2");
	}

	@Test
	void loopsShouldGetTheRolesOfTheirChannels() throws Exception {
		EventLoopGroup acceptors = newGroup(1);
		EventLoopGroup servers = newGroup(1);
		EventLoopGroup clients = newGroup(1);
		Channel server = new ServerBootstrap().group(acceptors, servers)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInboundHandlerAdapter() {

				@Override
				public boolean isSharable() {
					return true;
				}

			})
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
		Channel client = new Bootstrap().group(clients)
			.channel(NioSocketChannel.class)
			.handler(new ChannelInboundHandlerAdapter())
			.connect(server.localAddress())
			.sync()
			.channel();
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.loops.loops()).extracting(MonitoredLoop::roles)
				.containsExactly(Set.of(LoopRole.ACCEPTOR, LoopRole.DRIVER), Set.of(LoopRole.SERVER, LoopRole.DRIVER),
						Set.of(LoopRole.CLIENT, LoopRole.DRIVER)));
		assertThat(this.loops.loops().get(0).listeningPorts()).hasSize(1);
		client.close().sync();
		server.close().sync();
		Awaitility.await().atMost(LIMIT).until(() -> this.loops.loops().get(0).listeningPorts().isEmpty());
	}

	@Test
	void whenOwnerShutsDownAGroupItsLoopsShouldBeGone() {
		EventLoopGroup first = newGroup(1);
		EventLoopGroup second = newGroup(1);
		MonitoredLoop remaining = this.loops.loops().get(1);
		first.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.loops.loops()).hasSize(1).first().isSameAs(remaining));
		assertThat(second.isShuttingDown()).isFalse();
	}

	@Test
	void hundredsOfGroupsShouldAllBeListed() {
		for (int i = 0; i < 300; i++) {
			newGroup(1);
		}
		assertThat(this.loops.loops()).hasSize(300);
	}

	@Test
	void whenLoopsAreUsedShouldStartThreadsOfTheFactoryOnly() throws Exception {
		EventLoopGroup group = newGroup(2);
		AtomicInteger runs = new AtomicInteger();
		group.next().submit(runs::incrementAndGet).sync();
		assertThat(runs).hasValue(1);
		assertThat(this.loops.loops()).filteredOn((loop) -> loop.view().thread() != null).hasSize(1);
		assertThat(this.loops.loops().get(0).name()).matches("driver-\\d+-1");
	}

}
