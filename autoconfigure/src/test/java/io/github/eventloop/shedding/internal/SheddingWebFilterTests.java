package io.github.eventloop.shedding.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.thread.LogThread;
import io.github.eventloop.shedding.LagSheddingPolicy;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.RequestPriorityResolver;
import io.github.eventloop.shedding.SheddingPolicy;
import io.github.eventloop.web.internal.TestLoop;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SheddingWebFilter} without a server.
 */
@ExtendWith(OutputCaptureExtension.class)
class SheddingWebFilterTests {

	private static final RequestPriorityResolver NORMAL = (request) -> RequestPriority.NORMAL;

	private final ManualMonitor time = new ManualMonitor();

	private final TestLoop loop = new TestLoop();

	private final AtomicInteger handled = new AtomicInteger();

	private final WebFilterChain handler = (exchange) -> {
		this.handled.incrementAndGet();
		return Mono.empty();
	};

	@Test
	void shouldComeBeforeOtherFilters() {
		assertThat(filter(0).getOrder()).isLessThan(Ordered.HIGHEST_PRECEDENCE + 10);
	}

	@Test
	void nameShouldBeConstant() {
		SheddingWebFilter filter = filter(0);
		assertThat(filter.toString()).isEqualTo("SheddingWebFilter").isSameAs(filter.toString());
	}

	@Test
	void responseShouldHaveRetryAfterAndNothingOfTheRequest() throws Exception {
		MockServerHttpRequest request = MockServerHttpRequest.post("/orders/secret?token=secret")
			.header("X-Secret", "secret")
			.body("secret");
		MockServerHttpResponse response = shed(filter(1), request);
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(response.getHeaders().headerNames()).containsExactlyInAnyOrder("Retry-After", "Content-Type",
				"Content-Length", "Cache-Control");
		assertThat(response.getHeaders().getFirst("Retry-After")).isEqualTo("2");
		assertThat(response.getHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(response.getHeaders().getCacheControl()).isEqualTo("no-store");
		String body = response.getBodyAsString().block();
		assertThat(response.getHeaders().getContentLength()).isEqualTo(body.length());
		assertThat(body).doesNotContain("secret");
		JsonNode problem = JsonMapper.shared().readTree(body);
		assertThat(problem.propertyNames()).containsExactly("type", "title", "status", "detail");
		assertThat(problem.get("type").asString()).isEqualTo("about:blank");
		assertThat(problem.get("title").asString()).isEqualTo("Service Unavailable");
		assertThat(problem.get("status").asInt()).isEqualTo(503);
		assertThat(problem.get("detail").asString()).isEqualTo("Too busy to answer in time: try again in 2 seconds.");
	}

	@Test
	void whenMethodIsHeadShouldSendNoBody() throws Exception {
		MockServerHttpResponse response = shed(filter(1),
				MockServerHttpRequest.method(HttpMethod.HEAD, "/orders").build());
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(response.getHeaders().getFirst("Retry-After")).isEqualTo("2");
		assertThat(response.getHeaders().getContentLength()).isPositive();
		assertThat(response.getBody().collectList().block()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "-1, 0", "0.25, 25", "0.5, 50", "0.75, 75", "1, 100", "7, 100" })
	void exactShareOfRequestsShouldBeShed(double share, int shed) throws Exception {
		assertThat(decisions(filter(share), this.loop, 100)).filteredOn((decision) -> decision).hasSize(shed);
	}

	@Test
	void shedRequestsShouldBeSpreadEvenly() throws Exception {
		assertThat(decisions(filter(0.25), this.loop, 8)).containsExactly(false, false, false, true, false, false,
				false, true);
		List<Boolean> decisions = decisions(filter(0.3), this.loop, 1000);
		for (int from = 0; from < decisions.size(); from += 10) {
			assertThat(Collections.frequency(decisions.subList(from, from + 10), true)).isBetween(2, 4);
		}
	}

	@Test
	void loopsShouldAccumulateSharesSeparately() throws Exception {
		SheddingWebFilter filter = filter(0.5);
		TestLoop other = new TestLoop();
		for (int i = 0; i < 3; i++) {
			assertThat(decisions(filter, this.loop, 1)).containsExactly(false);
			assertThat(decisions(filter, other, 2)).containsExactly(false, true);
			assertThat(decisions(filter, this.loop, 1)).containsExactly(true);
		}
	}

	@Test
	void prioritiesShouldAccumulateSharesSeparately() throws Exception {
		RequestPriorityResolver byPath = (request) -> RequestPriority.valueOf(request.getPath().value().substring(1));
		SheddingWebFilter filter = filter((loop, lag, priority) -> 0.5, byPath);
		for (int i = 0; i < 3; i++) {
			assertThat(isShed(filter, "/LOW")).isFalse();
			assertThat(isShed(filter, "/HIGH")).isFalse();
			assertThat(isShed(filter, "/LOW")).isTrue();
			assertThat(isShed(filter, "/HIGH")).isTrue();
		}
	}

	@Test
	void policyShouldBeCalledOnEventLoopWithLagAndPriority() throws Exception {
		LoopRecorder recorder = new LoopRecorder();
		TestLoop lagging = new TestLoop(recorder, LoopRole.SERVER);
		busySince(recorder, Duration.ofSeconds(3));
		List<Object> seen = new ArrayList<>();
		SheddingWebFilter filter = filter((loop, lag, priority) -> {
			seen.add(loop);
			seen.add(priority);
			assertThat(Duration.ofNanos(lag)).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(30));
			return 1;
		}, (request) -> RequestPriority.LOW);
		assertThat(decisions(filter, lagging, 1)).containsExactly(true);
		assertThat(seen).containsExactly(lagging, RequestPriority.LOW);
	}

	@Test
	void whenLoopLagsDefaultPolicyShouldShedUntilItRecovers() throws Exception {
		LoopRecorder recorder = new LoopRecorder();
		TestLoop lagging = new TestLoop(recorder, LoopRole.SERVER);
		SheddingWebFilter filter = filter(new LagSheddingPolicy(Duration.ofSeconds(10), Duration.ofSeconds(20)),
				NORMAL);
		busySince(recorder, Duration.ofSeconds(30));
		assertThat(decisions(filter, lagging, 3)).containsExactly(true, true, true);
		recorder.waiting(System.nanoTime());
		recorder.polled(System.nanoTime() + Duration.ofMinutes(1).toNanos());
		assertThat(decisions(filter, lagging, 3)).containsExactly(false, false, false);
	}

	@Test
	void whenExcludedShouldNotShedAndNotCallPolicy() throws Exception {
		SheddingWebFilter filter = new SheddingWebFilter(this.time.monitor(), (loop, lag, priority) -> {
			throw new AssertionError("called");
		}, NORMAL, (exchange) -> exchange.getRequest().getPath().value().equals("/free"), new ShedRequests());
		assertThat(isShed(filter, "/free")).isFalse();
	}

	@Test
	void whenLoopDoesNotCountShouldNotShed() throws Exception {
		TestLoop management = new TestLoop(new LoopRecorder(), LoopRole.MANAGEMENT);
		assertThat(decisions(filter(1), management, 3)).containsOnly(false);
	}

	@Test
	void whenNotOnEventLoopShouldNotShed() {
		Mono<Void> rest = Mono.empty();
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		assertThat(filter(1).filter(exchange, (same) -> rest)).isSameAs(rest);
	}

	@Test
	void whenResponseIsCommittedShouldNotShed() throws Exception {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		exchange.getResponse().setComplete().block();
		this.loop.run(() -> filter(1).filter(exchange, this.handler).subscribe());
		assertThat(this.handled).hasValue(1);
		assertThat(exchange.getResponse().getStatusCode()).isNull();
	}

	@Test
	void whenPolicyThrowsShouldNotShedAndLogOnce(CapturedOutput output) throws Exception {
		SheddingWebFilter filter = filter((loop, lag, priority) -> {
			throw new IllegalStateException("policy of the test");
		}, NORMAL);
		assertFailuresAreLogged(filter, output, "Failed to decide whether to shed requests, so no request was shed");
		await(() -> assertThat(output).contains("policy of the test"));
	}

	@Test
	void whenPolicyThrowsErrorShouldNotShed() throws Exception {
		assertThat(decisions(filter((loop, lag, priority) -> {
			throw new NoClassDefFoundError("gone");
		}, NORMAL), this.loop, 1)).containsExactly(false);
	}

	@Test
	void whenPolicyReturnsNanShouldNotShedAndLogOnce(CapturedOutput output) throws Exception {
		assertFailuresAreLogged(filter(Double.NaN), output,
				" returned NaN as the share of requests to shed, so no request was shed");
	}

	@Test
	void whenResolverThrowsShouldNotShed() throws Exception {
		assertThat(decisions(filter((loop, lag, priority) -> 1, (request) -> {
			throw new IllegalStateException("resolver of the test");
		}), this.loop, 3)).containsOnly(false);
	}

	private void assertFailuresAreLogged(SheddingWebFilter filter, CapturedOutput output, String line)
			throws Exception {
		filter.afterPropertiesSet();
		for (int second = 0; second < 90; second++) {
			assertThat(decisions(filter, this.loop, 2)).containsOnly(false);
			endSecond();
		}
		LogThread.flush();
		assertThat(output).containsOnlyOnce(line + " (failure 2 so far, logged at most once a minute)");
	}

	/** Await an assertion, since a separate thread writes the log. */
	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
	}

	@Test
	void shouldLogAtFirstShedRequestAndThenOncePerMinuteAndLoop(CapturedOutput output) throws Exception {
		SheddingWebFilter filter = filter(1);
		filter.afterPropertiesSet();
		endSecond();
		for (int second = 0; second < 30; second++) {
			decisions(filter, this.loop, 5);
			endSecond();
		}
		await(() -> assertThat(output).contains("Event loop test-loop lags: shed 5 requests (503)."));
		assertThat(output.toString().split("lags: shed 5 ", -1)).as("one line").hasSize(2);
		for (int second = 0; second < 60; second++) {
			endSecond();
		}
		await(() -> assertThat(output).contains("shed 145 requests (503)"));
		assertThat(output.toString().split("lags: shed 5 ", -1)).as("still one line").hasSize(2);
		assertThat(output.toString().split("lags: shed 145 ", -1)).as("one more line").hasSize(2);
	}

	@Test
	void shouldCountByGroupIncludingTerminatedLoops() throws Exception {
		SheddingWebFilter filter = filter(1);
		filter.afterPropertiesSet();
		assertThat(filter.shed("test")).isZero();
		ManualLoop ending = this.time.addLoop("test", "ending").start();
		decisions(filter, this.loop, 3);
		TestLoop.run(ending, () -> subscribe(filter, "/"));
		endSecond();
		assertThat(filter.shed("test")).isEqualTo(4);
		TestLoop.run(ending, () -> subscribe(filter, "/"));
		ending.terminate();
		endSecond();
		assertThat(filter.shed("test")).isEqualTo(5);
		endSecond();
		assertThat(filter.shed("test")).isEqualTo(5);
		assertThat(filter.shed("other")).isZero();
	}

	@Test
	void whenPolicyIsListenerShouldBeNotifiedUntilDestroyed() {
		ListeningPolicy policy = new ListeningPolicy();
		SheddingWebFilter filter = filter(policy, NORMAL);
		endSecond();
		assertThat(policy.seconds).isZero();
		filter.afterPropertiesSet();
		endSecond();
		assertThat(policy.seconds).isOne();
		filter.destroy();
		endSecond();
		assertThat(policy.seconds).isOne();
	}

	private static void busySince(LoopRecorder recorder, Duration ago) {
		long since = System.nanoTime() - ago.toNanos();
		recorder.started(since);
		recorder.polled(since);
	}

	private SheddingWebFilter filter(double share) {
		return filter((loop, lag, priority) -> share, NORMAL);
	}

	private SheddingWebFilter filter(SheddingPolicy policy, RequestPriorityResolver priorities) {
		return new SheddingWebFilter(this.time.monitor(), policy, priorities, (exchange) -> false, new ShedRequests());
	}

	private MockServerHttpResponse shed(SheddingWebFilter filter, MockServerHttpRequest request) throws Exception {
		MockServerWebExchange exchange = MockServerWebExchange.from(request);
		this.loop.run(() -> filter.filter(exchange, this.handler).block(Duration.ofSeconds(60)));
		assertThat(this.handled).hasValue(0);
		return exchange.getResponse();
	}

	private boolean isShed(SheddingWebFilter filter, String path) throws Exception {
		List<Boolean> decisions = new ArrayList<>();
		this.loop.run(() -> decisions.add(subscribe(filter, path)));
		return decisions.get(0);
	}

	/** Return for each of a number of requests whether it was shed. */
	private List<Boolean> decisions(SheddingWebFilter filter, TestLoop loop, int requests) throws Exception {
		List<Boolean> decisions = new ArrayList<>();
		loop.run(() -> {
			for (int i = 0; i < requests; i++) {
				decisions.add(subscribe(filter, "/orders"));
			}
		});
		return decisions;
	}

	private boolean subscribe(SheddingWebFilter filter, String path) {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get(path));
		int before = this.handled.get();
		filter.filter(exchange, this.handler).subscribe();
		boolean shed = exchange.getResponse().getStatusCode() == HttpStatus.SERVICE_UNAVAILABLE;
		assertThat(this.handled.get() - before).isEqualTo(shed ? 0 : 1);
		return shed;
	}

	private void endSecond() {
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
	}

	private static final class ListeningPolicy implements SheddingPolicy, EventLoopListener {

		private int seconds;

		@Override
		public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
			return 0;
		}

		@Override
		public void onSecond(EventLoopSecond second) {
			this.seconds++;
		}

	}

}
