package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoClientSettings;
import com.mongodb.connection.NettyTransportSettings;
import com.mongodb.connection.TransportSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import io.github.eventloop.drivers.MongoLoops;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.Stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event loops of MongoDB's reactive driver, with a server that answers its
 * handshake and one command.
 */
class MongoLoopsIntegrationTests {

	private static final String THREADS = "multiThreadIoEventLoopGroup-";

	private MongoServer server;

	private ApplicationContextRunner runner;

	@BeforeEach
	void listen() throws IOException {
		DriverContext.awaitNoThreads(THREADS);
		this.server = new MongoServer();
		this.runner = DriverContext.runner(EventLoopMongoAutoConfiguration.class)
			.withConfiguration(AutoConfigurations.of(MongoReactiveAutoConfiguration.class))
			.withPropertyValues("spring.mongodb.uri=mongodb://127.0.0.1:" + this.server.port()
					+ "/test?serverSelectionTimeoutMS=60000");
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
	}

	@Test
	void callbackThatBlocksShouldBeAStallWithItsLine() {
		this.runner.run((context) -> {
			assertThat(find(context).block(DriverContext.LIMIT)).containsEntry("name", "tea");
			Stall stall = DriverContext.awaitStall(context, MongoLoops.COMPONENT,
					() -> find(context).doOnNext((product) -> DriverContext.block()).block(DriverContext.LIMIT));
			assertThat(stall.loop()).startsWith(THREADS);
			assertThat(stall.component()).isEqualTo("mongo");
			// Not known if the response has arrived before the driver is notified that
			// its
			// request was sent, as it then processes the response in a task.
			assertThat(stall.requests().peer()).isIn(null, "127.0.0.1:" + this.server.port());
			assertThat(stall.advice()).contains("MongoTimeoutException");
			DriverContext.assertMeasuredExactly(context, MongoLoops.COMPONENT, "mongo", LoopRole.CLIENT);
		});
		DriverContext.awaitNoThreads(THREADS);
	}

	@Test
	void threadsShouldBeThoseOfTheDefault() {
		List<List<String>> threads = new ArrayList<>();
		for (String enabled : List.of("true", "false")) {
			this.runner.withPropertyValues("eventloop.drivers.mongo.enabled=" + enabled).run((context) -> {
				find(context).block(DriverContext.LIMIT);
				threads.add(DriverContext.threads(THREADS));
				assertThat(DriverContext.loops(context, MongoLoops.COMPONENT))
					.hasSize(enabled.equals("true") ? defaultSize() : 0);
			});
			DriverContext.awaitNoThreads(THREADS);
		}
		assertThat(threads.get(0).get(0)).isEqualTo(threads.get(1).get(0));
	}

	private static int defaultSize() {
		MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
		try {
			return group.executorCount();
		}
		finally {
			group.shutdownGracefully();
		}
	}

	@Test
	void ownTransportShouldWin() {
		EventLoopGroup own = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		MongoClientSettings settings = MongoClientSettings.builder()
			.transportSettings(TransportSettings.nettyBuilder().eventLoopGroup(own).build())
			.build();
		this.runner.withBean("settings", MongoClientSettings.class, () -> settings).run((context) -> {
			assertThat(context.getBean(MongoClientSettings.class)).isSameAs(settings);
			assertThat(DriverContext.groups(context)).isZero();
		});
		own.shutdownGracefully().syncUninterruptibly();
	}

	@Test
	void transportOfACustomizerShouldWin() {
		EventLoopGroup own = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("own", true),
				NioIoHandler.newFactory());
		this.runner
			.withBean(MongoClientSettingsBuilderCustomizer.class,
					() -> (builder) -> builder
						.transportSettings(TransportSettings.nettyBuilder().eventLoopGroup(own).build()))
			.run((context) -> {
				assertThat(find(context).map((product) -> Thread.currentThread().getName()).block(DriverContext.LIMIT))
					.startsWith("own-");
				assertThat(DriverContext.startedLoops(context, MongoLoops.COMPONENT)).isEmpty();
			});
		own.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void whenConnectionIsLostShouldReconnectOnLoopsOfTheSameGroup() {
		this.runner.run((context) -> {
			find(context).block(DriverContext.LIMIT);
			int groups = DriverContext.groups(context);
			this.server.disconnect();
			assertThat(find(context).retryWhen(Retry.fixedDelay(20, Duration.ofMillis(100))).block(DriverContext.LIMIT))
				.containsEntry("name", "tea");
			assertThat(DriverContext.groups(context)).isEqualTo(groups);
			DriverContext.assertMeasuredExactly(context, MongoLoops.COMPONENT, "mongo", LoopRole.CLIENT);
		});
	}

	@Test
	void whenThereAreTwoContextsEachShouldHaveItsLoops() {
		this.runner.run((first) -> {
			find(first).block(DriverContext.LIMIT);
			List<String> before = names(first);
			this.runner.run((second) -> {
				find(second).block(DriverContext.LIMIT);
				assertThat(names(second)).isNotEmpty().doesNotContainAnyElementsOf(before);
				assertThat(names(first)).containsAll(before);
			});
			assertThat(find(first).block(DriverContext.LIMIT)).containsEntry("name", "tea");
		});
	}

	private static List<String> names(ApplicationContext context) {
		return DriverContext.startedLoops(context, MongoLoops.COMPONENT).stream().map(LoopSnapshot::name).toList();
	}

	@Test
	void driverThatIsNotUsedShouldHaveNoGroup() {
		DriverContext.runner(EventLoopMongoAutoConfiguration.class).run((context) -> {
			assertThat(context).doesNotHaveBean(MongoClient.class);
			assertThat(DriverContext.groups(context)).isZero();
		});
	}

	@Test
	void settingsShouldKeepEverythingElse() {
		this.runner.run((context) -> {
			MongoClientSettings settings = context.getBean(MongoClientSettings.class);
			assertThat(settings.getTransportSettings()).isInstanceOf(NettyTransportSettings.class);
			assertThat(settings.getUuidRepresentation())
				.isEqualTo(MongoClientSettings.builder().build().getUuidRepresentation());
		});
	}

	private static Mono<Document> find(ApplicationContext context) {
		return Mono
			.from(context.getBean(MongoClient.class).getDatabase("shop").getCollection("products").find().first());
	}

}
