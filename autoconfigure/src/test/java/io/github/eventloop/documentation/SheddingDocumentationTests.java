package io.github.eventloop.documentation;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

import io.github.eventloop.autoconfigure.EventLoopSheddingAutoConfiguration;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.shedding.LagSheddingPolicy;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.internal.SheddingWebFilter;
import io.github.eventloop.web.internal.TestLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code, the shares and the response in {@code docs/shedding.md} are right.
 */
class SheddingDocumentationTests {

	private final Page page = Page.of("docs/shedding.md");

	private final TestLoop loop = new TestLoop();

	@Test
	void codeShouldBeThatOfTheSnippets() {
		assertThat(this.page.blocks("java")).isNotEmpty()
			.containsExactlyElementsOf(TaggedCode.of(SheddingSnippets.class));
	}

	@Test
	void codeShouldBehaveAsDocumented() {
		// However slow the test is, the loop does not lag.
		long later = System.nanoTime() + Duration.ofMinutes(10).toNanos();
		this.loop.recorder().started(later);
		this.loop.recorder().polled(later);
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EventLoopSheddingAutoConfiguration.class))
			.withUserConfiguration(SheddingSnippets.class)
			.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT))
			.withPropertyValues("eventloop.shedding.enabled=true")
			.run((context) -> {
				SheddingWebFilter filter = context.getBean(SheddingWebFilter.class);
				MockServerHttpRequest anonymous = MockServerHttpRequest.get("/").build();
				MockServerHttpRequest known = MockServerHttpRequest.get("/")
					.header("Authorization", "Bearer x")
					.build();
				assertThat(exchange(filter, anonymous).getResponse().getStatusCode()).isNull();
				for (int i = 0; i <= 100; i++) {
					this.loop.recorder().requestStarted();
				}
				MockServerWebExchange shed = exchange(filter, anonymous);
				assertThat(shed.getResponse().getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
				assertThat(exchange(filter, known).getResponse().getStatusCode()).isNull();
				assertThat(this.page.lines()).contains(shed.getResponse().getBodyAsString().block())
					.contains("Content-Length: " + shed.getResponse().getHeaders().getContentLength());
			});
	}

	private MockServerWebExchange exchange(SheddingWebFilter filter, MockServerHttpRequest request) throws Exception {
		MockServerWebExchange exchange = MockServerWebExchange.from(request);
		this.loop.run(() -> filter.filter(exchange, (same) -> Mono.empty()).block(Duration.ofSeconds(60)));
		return exchange;
	}

	@Test
	void tableShouldHaveTheLagsAtWhichRequestsAreShed() {
		assertThat(this.page.tables("priority")).singleElement()
			.satisfies((table) -> assertThat(table.rows()).hasSize(3).allSatisfy(this::assertRow));
	}

	private void assertRow(Map<String, String> row) {
		RequestPriority priority = RequestPriority.valueOf(row.get("priority").toUpperCase(Locale.ROOT));
		long from = millis(row.get("shed from"));
		long all = millis(row.get("all shed from"));
		assertThat(share(from, priority)).isZero();
		assertThat(share(from + 1, priority)).isPositive();
		assertThat(share(all - 1, priority)).isLessThan(1);
		assertThat(share(all, priority)).isOne();
	}

	private double share(long millis, RequestPriority priority) {
		return LagSheddingPolicy.DEFAULT.shareToShed(this.loop, Duration.ofMillis(millis).toNanos(), priority);
	}

	private static long millis(String cell) {
		return Long.parseLong(cell.replace(" ms", ""));
	}

}
