package io.github.eventloop.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

import io.github.eventloop.drivers.GrpcLoops;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops of gRPC, with a server and a client in this process.
 */
class GrpcLoopsIntegrationTests {

	private static final String THREADS = "grpc-";

	private static final MethodDescriptor<String, String> CALL = MethodDescriptor.<String, String>newBuilder()
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName("test/call")
		.setRequestMarshaller(new Text())
		.setResponseMarshaller(new Text())
		.build();

	/** Code that the server runs on its event loop. */
	static volatile UnaryOperator<String> service = UnaryOperator.identity();

	private final ApplicationContextRunner runner = DriverContext.runner(EventLoopGrpcAutoConfiguration.class)
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, GrpcServerAutoConfiguration.class,
				GrpcClientAutoConfiguration.class))
		.withUserConfiguration(ServiceConfiguration.class)
		.withPropertyValues("spring.grpc.server.address=127.0.0.1", "spring.grpc.server.port=0");

	@BeforeEach
	void prepare() {
		service = UnaryOperator.identity();
		DriverContext.awaitNoThreads("grpc-default");
	}

	/** Other tests expect that no loop is left. */
	@AfterAll
	static void awaitEnd() {
		DriverContext.awaitNoThreads("grpc-default");
	}

	@Test
	void serviceThatBlocksTheLoopShouldBeAStallWithItsLine() {
		this.runner.run((context) -> {
			assertThat(call(context, "warm up")).isEqualTo("warm up");
			service = (request) -> {
				DriverContext.block();
				return request;
			};
			Stall stall = DriverContext.awaitStall(context, GrpcLoops.COMPONENT,
					() -> assertThat(call(context, "block")).isEqualTo("block"));
			assertThat(stall.loop()).matches("grpc-(default|nio)-worker-ELG-\\d+-\\d+");
			assertThat(stall.advice()).contains("DEADLINE_EXCEEDED");
		});
		DriverContext.awaitNoThreads("grpc-default");
	}

	@Test
	void loopsShouldHaveTheirRoles() {
		this.runner.run((context) -> {
			call(context, "hello");
			List<LoopSnapshot> loops = DriverContext.startedLoops(context, GrpcLoops.COMPONENT);
			assertThat(loops).filteredOn((loop) -> loop.name().contains("boss"))
				.singleElement()
				.satisfies((loop) -> assertThat(loop.roles()).containsExactlyInAnyOrder(LoopRole.ACCEPTOR,
						LoopRole.DRIVER));
			assertThat(loops).filteredOn((loop) -> loop.name().contains("worker"))
				.flatMap(LoopSnapshot::roles)
				.contains(LoopRole.SERVER, LoopRole.CLIENT, LoopRole.DRIVER)
				.doesNotContain(LoopRole.ACCEPTOR);
			assertThat(loops).allMatch((loop) -> !loop.approximate() && !loop.counted());
		});
	}

	@Test
	void threadsShouldBeThoseOfTheDefault() {
		List<List<String>> threads = new ArrayList<>();
		for (String enabled : List.of("true", "false")) {
			this.runner.withPropertyValues("eventloop.drivers.grpc.enabled=" + enabled).run((context) -> {
				// Each connection is assigned to the next loop, until all have started.
				for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
					call(context, "hello");
				}
				threads.add(DriverContext.threads(THREADS).stream().filter((name) -> name.contains("ELG")).toList());
			});
			DriverContext.awaitNoThreads("grpc-default");
		}
		assertThat(threads.get(0)).isNotEmpty().isEqualTo(threads.get(1));
	}

	@Test
	void ownGroupsShouldWin() {
		EventLoopGroup own = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("own", true),
				NioIoHandler.newFactory());
		this.runner.withBean("server", OwnServerLoops.class, () -> new OwnServerLoops(own))
			.withBean("client", OwnClientLoops.class, () -> new OwnClientLoops(own))
			.run((context) -> {
				assertThat(call(context, "hello")).isEqualTo("hello");
				assertThat(DriverContext.startedLoops(context, GrpcLoops.COMPONENT)).isEmpty();
			});
		own.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void whenContextIsRestartedThenServerShouldBeMonitored() {
		this.runner.run((context) -> {
			call(context, "before");
			ConfigurableApplicationContext running = context.getSourceApplicationContext();
			running.stop();
			running.start();
			assertThat(call(context, "after")).isEqualTo("after");
			assertThat(DriverContext.startedLoops(context, GrpcLoops.COMPONENT)).flatMap(LoopSnapshot::roles)
				.contains(LoopRole.ACCEPTOR, LoopRole.SERVER, LoopRole.CLIENT);
		});
	}

	@Test
	void whenConnectionIsLostShouldReconnectOnLoopsOfTheSameGroup() {
		this.runner.run((context) -> {
			int port = context.getBean(GrpcServerLifecycle.class).getPort();
			ManagedChannel channel = context.getBean(GrpcChannelFactory.class).createChannel("127.0.0.1:" + port);
			assertThat(call(channel, "before")).succeedsWithin(DriverContext.LIMIT).isEqualTo("before");
			int groups = DriverContext.groups(context);
			channel.enterIdle();
			assertThat(call(channel, "after")).succeedsWithin(DriverContext.LIMIT).isEqualTo("after");
			assertThat(DriverContext.groups(context)).isEqualTo(groups);
		});
	}

	@Test
	void whenThereAreTwoContextsEachShouldHaveItsLoops() {
		this.runner.run((first) -> {
			call(first, "hello");
			List<String> before = names(first);
			this.runner.run((second) -> {
				call(second, "hello");
				assertThat(names(second)).isNotEmpty().doesNotContainAnyElementsOf(before);
				assertThat(names(first)).isEqualTo(before);
			});
			assertThat(call(first, "again")).isEqualTo("again");
		});
	}

	private static List<String> names(ApplicationContext context) {
		return DriverContext.startedLoops(context, GrpcLoops.COMPONENT).stream().map(LoopSnapshot::name).toList();
	}

	@Test
	void callInProgressShouldCompleteWhenContextIsClosed() {
		CountDownLatch called = new CountDownLatch(1);
		service = (request) -> {
			called.countDown();
			DriverContext.block();
			return request;
		};
		AtomicReference<CompletableFuture<String>> response = new AtomicReference<>();
		ManagedChannel[] channel = new ManagedChannel[1];
		this.runner.run((context) -> {
			channel[0] = NettyChannelBuilder
				.forAddress("127.0.0.1", context.getBean(GrpcServerLifecycle.class).getPort())
				.usePlaintext()
				.build();
			response.set(call(channel[0], "graceful"));
			assertThat(called.await(DriverContext.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		});
		assertThat(response.get()).succeedsWithin(DriverContext.LIMIT).isEqualTo("graceful");
		channel[0].shutdownNow();
	}

	@Test
	void driverThatIsNotUsedShouldHaveNoGroup() {
		DriverContext.runner(EventLoopGrpcAutoConfiguration.class).run((context) -> {
			assertThat(context).hasSingleBean(GrpcLoops.class);
			assertThat(DriverContext.groups(context)).isZero();
		});
	}

	@Test
	void domainSocketsShouldKeepTheirLoops() {
		DriverContext.runner(EventLoopGrpcAutoConfiguration.class)
			.withPropertyValues("spring.grpc.server.netty.domain-socket-path=/tmp/grpc.sock")
			.run((context) -> {
				context.getBean(GrpcServerLoopsCustomizer.class).customize(NettyServerBuilder.forPort(0));
				context.getBean(GrpcClientLoopsCustomizer.class)
					.customize("unix:/tmp/grpc.sock", NettyChannelBuilder.forTarget("127.0.0.1:1"));
				assertThat(DriverContext.groups(context)).isZero();
			});
	}

	static String call(ApplicationContext context, String request) throws Exception {
		int port = context.getBean(GrpcServerLifecycle.class).getPort();
		ManagedChannel channel = context.getBean(GrpcChannelFactory.class).createChannel("127.0.0.1:" + port);
		try {
			return call(channel, request).get(DriverContext.LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
		finally {
			channel.shutdownNow();
			channel.awaitTermination(DriverContext.LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
	}

	private static CompletableFuture<String> call(ManagedChannel channel, String request) {
		CompletableFuture<String> response = new CompletableFuture<>();
		ClientCall<String, String> call = channel.newCall(CALL, CallOptions.DEFAULT);
		call.start(new ClientCall.Listener<>() {

			@Override
			public void onMessage(String message) {
				response.complete(message);
			}

			@Override
			public void onClose(Status status, Metadata trailers) {
				response.completeExceptionally(status.asException());
			}

		}, new Metadata());
		call.sendMessage(request);
		call.halfClose();
		call.request(1);
		return response;
	}

	@Configuration(proxyBeanMethods = false)
	static class ServiceConfiguration {

		@Bean
		BindableService service() {
			return () -> ServerServiceDefinition.builder("test")
				.addMethod(CALL, (call, headers) -> answer(call))
				.build();
		}

		/** Runs the services on the event loop, as many applications do for speed. */
		@Bean
		DirectExecutor directExecutor() {
			return new DirectExecutor();
		}

		private static ServerCall.Listener<String> answer(ServerCall<String, String> call) {
			call.request(1);
			return new ServerCall.Listener<>() {

				@Override
				public void onMessage(String message) {
					call.sendHeaders(new Metadata());
					call.sendMessage(service.apply(message));
				}

				@Override
				public void onHalfClose() {
					call.close(Status.OK, new Metadata());
				}

			};
		}

	}

	private static final class DirectExecutor implements ServerBuilderCustomizer<NettyServerBuilder> {

		@Override
		public void customize(NettyServerBuilder builder) {
			builder.directExecutor();
		}

	}

	private record OwnServerLoops(EventLoopGroup own) implements ServerBuilderCustomizer<NettyServerBuilder> {

		@Override
		public void customize(NettyServerBuilder builder) {
			builder.channelType(NioServerSocketChannel.class)
				.bossEventLoopGroup(this.own)
				.workerEventLoopGroup(this.own);
		}

	}

	private record OwnClientLoops(EventLoopGroup own) implements GrpcChannelBuilderCustomizer<NettyChannelBuilder> {

		@Override
		public void customize(String target, NettyChannelBuilder builder) {
			builder.channelType(NioSocketChannel.class).eventLoopGroup(this.own);
		}

	}

	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
