package io.github.eventloop.netty;

import java.io.File;
import java.net.MalformedURLException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.internal.LoopDiscovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ExternalLoops#discover()} with channels that the extension observes as
 * Netty lets it observe them, whatever its system property was when this JVM created its
 * first channel.
 */
class LoopDiscoveryTests {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final ExternalLoops loops = new ExternalLoops(this.monitor);

	private final List<EventLoopGroup> groups = new ArrayList<>();

	private EventLoopGroup newGroup(String threads) {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory(threads, true),
				NioIoHandler.newFactory());
		this.groups.add(group);
		return group;
	}

	@AfterEach
	void shutDown() {
		this.loops.close();
		this.groups.forEach((group) -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly());
	}

	/** Register a channel that the extension observes. */
	private static void observe(EventLoopGroup group) {
		NioSocketChannel channel = new NioSocketChannel();
		new LoopDiscovery().postInitializeClientChannel(channel);
		group.register(channel).syncUninterruptibly();
		assertThat(channel.pipeline().names()).hasSize(1);
		channel.close().syncUninterruptibly();
	}

	private List<LoopSnapshot> discovered(String group) {
		return this.monitor.snapshot().loops().stream().filter((loop) -> loop.group().equals(group)).toList();
	}

	@Test
	void nettyShouldFindTheExtension() {
		assertThat(ServiceLoader.load(ChannelInitializerExtension.class))
			.hasAtLeastOneElementOfType(LoopDiscovery.class);
	}

	/** With classes of its own, because Netty reads the property once. */
	@Test
	void whenPropertyIsSetNettyShouldUseTheExtension() throws Exception {
		String before = System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
		try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
			Object groups = ((Callable<?>) loader.loadClass(FreshNetty.class.getName()).getConstructor().newInstance())
				.call();
			assertThat(groups).isEqualTo(Set.of("fresh-client", "fresh-server"));
		}
		finally {
			if (before != null) {
				System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, before);
			}
			else {
				System.clearProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY);
			}
		}
	}

	private static URL[] classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map((entry) -> {
			try {
				return Path.of(entry).toUri().toURL();
			}
			catch (MalformedURLException ex) {
				throw new IllegalStateException(ex);
			}
		}).toArray(URL[]::new);
	}

	@Test
	void loopsOfObservedChannelsShouldBeMonitoredAsThoseOfADriver() {
		this.loops.discover();
		observe(newGroup("acme-client-io"));
		assertThat(discovered("acme-client-io")).hasSize(2).allSatisfy((loop) -> {
			assertThat(loop.approximate()).isTrue();
			assertThat(loop.component()).isEqualTo("acme");
			assertThat(loop.roles()).containsExactly(LoopRole.DRIVER);
			assertThat(loop.counted()).isFalse();
		});
	}

	@Test
	void loopsThatWereObservedBeforeShouldBeMonitored() {
		observe(newGroup("early"));
		this.loops.discover();
		assertThat(discovered("early")).hasSize(2);
	}

	@Test
	void groupShouldBeMonitoredOnce() {
		this.loops.discover();
		EventLoopGroup group = newGroup("once");
		observe(group);
		observe(group);
		this.loops.discover();
		assertThat(discovered("once")).hasSize(2);
	}

	@Test
	void groupThatIsAddedAlreadyShouldKeepItsName() {
		EventLoopGroup group = newGroup("bean");
		this.loops.add("ownName", group);
		this.loops.discover();
		observe(group);
		assertThat(discovered("bean")).isEmpty();
		assertThat(discovered("ownName")).hasSize(2);
	}

	@Test
	void whenGroupIsShutDownItsLoopsShouldBeGone() {
		this.monitor.start();
		this.loops.discover();
		EventLoopGroup group = newGroup("shortlived");
		observe(group);
		assertThat(discovered("shortlived")).isNotEmpty();
		group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
		Awaitility.await().atMost(LIMIT).until(() -> discovered("shortlived").isEmpty());
		this.monitor.close();
	}

	@Test
	void hundredsOfGroupsShouldBeLimited() {
		this.loops.discover();
		for (int i = 0; i < 150; i++) {
			observe(newGroup("many"));
		}
		assertThat(discovered("many")).hasSizeBetween(200, 257);
	}

	@Test
	void loopOfEmbeddedChannelShouldNotBeMonitored() {
		this.loops.discover();
		List<LoopSnapshot> before = this.monitor.snapshot().loops();
		EmbeddedChannel embedded = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
		new LoopDiscovery().postInitializeServerChildChannel(embedded);
		assertThat(embedded.isActive()).isTrue();
		assertThat(this.monitor.snapshot().loops()).hasSameSizeAs(before);
		embedded.finishAndReleaseAll();
	}

	@Test
	void whenChannelCannotBeObservedShouldNotFail() {
		assertThatNoException().isThrownBy(() -> new LoopDiscovery().postInitializeClientChannel(null));
	}

	@Test
	void serverShouldAcceptConnectionsWhoseChannelsAreObserved() throws Exception {
		this.loops.discover();
		EventLoopGroup group = newGroup("acme-server");
		Channel server = new ServerBootstrap().group(group)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					new LoopDiscovery().postInitializeServerChildChannel(channel);
				}

			})
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
		try (Socket socket = new Socket()) {
			socket.connect(server.localAddress());
			Awaitility.await().atMost(LIMIT).until(() -> discovered("acme-server").size() == 2);
		}
		server.close().sync();
	}

	/**
	 * Connects a client to a server, and returns the groups of the loops that have been
	 * discovered meanwhile.
	 */
	public static final class FreshNetty implements Callable<Set<String>> {

		@Override
		public Set<String> call() throws Exception {
			EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
			ExternalLoops loops = new ExternalLoops(monitor);
			loops.discover();
			EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fresh-server", true),
					NioIoHandler.newFactory());
			EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("fresh-client", true),
					NioIoHandler.newFactory());
			Channel server = new ServerBootstrap().group(servers)
				.channel(NioServerSocketChannel.class)
				.childHandler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel channel) {
						// Nothing to read.
					}

				})
				.bind("127.0.0.1", 0)
				.sync()
				.channel();
			new Bootstrap().group(clients)
				.channel(NioSocketChannel.class)
				.handler(new ChannelInboundHandlerAdapter())
				.connect(server.localAddress())
				.sync()
				.channel()
				.close()
				.sync();
			Set<String> groups = monitor.snapshot()
				.loops()
				.stream()
				.map(LoopSnapshot::group)
				.collect(Collectors.toSet());
			loops.close();
			servers.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
			clients.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
			return groups;
		}

	}

}
