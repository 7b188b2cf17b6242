package io.github.eventloop.documentation;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.eventloop.autoconfigure.EventLoopAutoConfiguration;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.EventLoopStatusChangedEvent;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopUsage;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.StallDetector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code in {@code docs/api.md} is the code of {@link ApiSnippets}, and that
 * it works.
 */
class ApiDocumentationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class));

	@Test
	void codeShouldBeThatOfTheSnippets() {
		assertThat(Page.of("docs/api.md").blocks("java")).isNotEmpty()
			.containsExactlyElementsOf(TaggedCode.of(ApiSnippets.class));
	}

	@Test
	void ownClientShouldBeMonitored() {
		this.contextRunner.withUserConfiguration(ApiSnippets.OwnClient.class).run((context) -> {
			// Nothing listens on this port: a failed connection uses a loop, too.
			context.getBean(WebClient.class)
				.get()
				.uri("http://127.0.0.1:1")
				.retrieve()
				.toBodilessEntity()
				.onErrorResume((ex) -> Mono.empty())
				.block(Duration.ofSeconds(60));
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(monitor(context).snapshot().loops()).extracting(LoopSnapshot::group)
					.contains("partner"));
		});
	}

	@Test
	void ownFactoryShouldBeMonitored() {
		this.contextRunner.withUserConfiguration(ApiSnippets.OwnFactory.class).run((context) -> {
			context.getBean(ReactorResourceFactory.class).getLoopResources().onServer(true);
			assertThat(monitor(context).snapshot().loops()).extracting(LoopSnapshot::group).contains("shop-http");
		});
	}

	@Test
	void listenersShouldBeUsable() {
		this.contextRunner.withUserConfiguration(ApiSnippets.Listening.class, ApiSnippets.EverySecond.class)
			.run((context) -> {
				context.publishEvent(new EventLoopStatusChangedEvent(EventLoopStatus.HEALTHY, EventLoopStatus.STUCK,
						"test", Instant.now()));
				assertThat(context).hasNotFailed().hasBean("busySeconds");
			});
	}

	@Test
	void signalShouldAffectTheStatusThatOptionalWorkDependsOn() {
		BlockingQueue<String> orders = new LinkedBlockingQueue<>();
		this.contextRunner.withBean("orders", BlockingQueue.class, () -> orders)
			.withUserConfiguration(ApiSnippets.Signalling.class)
			.withPropertyValues("eventloop.health.startup-grace=0s", "eventloop.health.leave-within=0s")
			.run((context) -> {
				EventLoopHealth health = context.getBean(EventLoopHealth.class);
				ApiSnippets.Recommendations recommendations = new ApiSnippets.Recommendations(health, Flux::just);
				health.onSecond(TestSecond.at(0).build());
				assertThat(recommendations.similarTo("tea").collectList().block()).containsExactly("tea");
				orders.addAll(Collections.nCopies(100, "tea"));
				health.onSecond(TestSecond.at(1).build());
				assertThat(health.reason()).startsWith("100 orders wait");
				assertThat(recommendations.similarTo("tea").collectList().block()).isEmpty();
			});
	}

	@Test
	void ownSettingsShouldReplaceThoseOfTheLibrary() {
		this.contextRunner.withUserConfiguration(ApiSnippets.OwnSettings.class)
			.run((context) -> assertThat(context.getBean(StallDetector.class).settings().logInterval()).isZero());
	}

	@Test
	void usageShouldBeOverTheTimeInBetween() {
		this.contextRunner.run((context) -> {
			EventLoopUsage usage = new ApiSnippets().since(monitor(context), () -> {
			});
			assertThat(usage.duration()).isPositive().isLessThan(Duration.ofSeconds(10));
		});
	}

	private static EventLoopMonitor monitor(ApplicationContext context) {
		return context.getBean(EventLoopMonitor.class);
	}

}
