package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Load}, against a server with a single loop.
 */
class LoadTests {

	/** Tolerance between two readings of the clock, one of which is slightly late. */
	private static final Duration SLACK = Duration.ofMillis(50);

	private final LoopResources loops = LoopResources.create("server", 1, true);

	private final AtomicInteger requests = new AtomicInteger();

	private final Set<Object> connections = ConcurrentHashMap.newKeySet();

	private final List<String> bodies = new CopyOnWriteArrayList<>();

	/** Written by the event loop thread before it answers. */
	private volatile long stallStart;

	private volatile long stallEnd;

	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.runOn(this.loops)
		.doOnConnection((connection) -> this.connections.add(connection.channel().remoteAddress()))
		.route((routes) -> routes.get("/quick", (request, response) -> {
			this.requests.incrementAndGet();
			return response.sendString(Mono.just("quick"));
		}).get("/stall-at/{number}", (request, response) -> {
			if (this.requests.incrementAndGet() == Integer.parseInt(request.param("number"))) {
				stall();
			}
			return response.sendString(Mono.just("done"));
		})
			.post("/products",
					(request, response) -> response
						.status(request.requestHeaders().get("Content-Type").equals("application/json") ? 200 : 415)
						.sendString(request.receive().aggregate().asString().doOnNext(this.bodies::add)))
			.get("/unavailable", (request, response) -> response.status(503).send())
			.get("/never", (request, response) -> Mono.never())
			.get("/broken", (request, response) -> {
				request.withConnection((connection) -> connection.channel().close());
				return Mono.never();
			}))
		.bindNow();

	@AfterEach
	void stopServer() {
		this.server.disposeNow();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Duration.ofSeconds(60));
	}

	@Test
	void stallShouldDelayEveryRequestThatIsDueDuringIt() {
		RunningLoad run = load("/stall-at/50").connections(10)
			.prefilled()
			.start(Plan.steady(100, Duration.ofSeconds(3)));
		long start = System.nanoTime() - run.elapsed().toNanos();
		LoadResult result = run.await();
		assertThat(result.count(Outcome.OK)).isEqualTo(300);
		long stalledUntil = this.stallEnd - start;
		List<Sample> delayed = result.samples()
			.stream()
			.filter((sample) -> sample.dueNanos() > this.stallStart - start && sample.dueNanos() < stalledUntil)
			.toList();
		// A client that waits for its 10 connections would have sent 10.
		assertThat(delayed).hasSizeGreaterThan(10)
			.allSatisfy((sample) -> assertThat(sample.dueNanos() + sample.latencyNanos())
				.isGreaterThan(stalledUntil - SLACK.toNanos()));
	}

	@Test
	void perSecondShouldCountRequestsWhenTheyWereDue() {
		LoadResult result = load("/quick").start(
				Plan.steady(50, Duration.ofSeconds(1)).then(0, Duration.ofSeconds(1)).then(20, Duration.ofSeconds(1)))
			.await();
		assertThat(result.perSecond(LoadResult::sent)).containsExactly(50, 0, 20);
		assertThat(result.perSecond(LoadResult::p99Millis)[1]).isNaN();
		assertThat(result.between(Duration.ofSeconds(2), Duration.ofSeconds(3)).count(Outcome.OK)).isEqualTo(20);
	}

	@Test
	void outcomesShouldBeDistinguished() {
		Plan three = Plan.steady(10, Duration.ofMillis(300));
		assertThat(load("/unavailable").start(three).await().count(Outcome.UNAVAILABLE)).isEqualTo(3);
		assertThat(load("/missing").start(three).await().count(Outcome.FAILED)).isEqualTo(3);
		assertThat(load("/broken").start(three).await().count(Outcome.FAILED)).isEqualTo(3);
		LoadResult unanswered = load("/never").timeout(Duration.ofMillis(200)).start(three).await();
		assertThat(unanswered.count(Outcome.TIMED_OUT)).isEqualTo(3);
		assertThat(unanswered.p99Millis()).isNaN();
		assertThat(unanswered.samples()).allSatisfy((sample) -> assertThat(sample.clientPort()).isPositive());
	}

	@Test
	void whenPostingShouldSendTheBodyWithEachRequest() {
		LoadResult result = load("/products").posting("[1, 2]")
			.prefilledBy("/quick")
			.connections(2)
			.start(Plan.steady(10, Duration.ofMillis(300)))
			.await();
		assertThat(result.count(Outcome.OK)).isEqualTo(3);
		assertThat(this.bodies).containsExactly("[1, 2]", "[1, 2]", "[1, 2]");
	}

	@Test
	void timeoutShouldIncludeTheWaitForAConnection() {
		LoadResult result = load("/never").connections(1)
			.timeout(Duration.ofMillis(300))
			.start(Plan.steady(100, Duration.ofMillis(100)))
			.await();
		assertThat(result.count(Outcome.TIMED_OUT)).isEqualTo(10);
	}

	@Test
	void prefilledShouldUseAllConnectionsInTurn() {
		LoadResult result = load("/quick").connections(8)
			.prefilled()
			.start(Plan.steady(100, Duration.ofSeconds(1)))
			.await();
		assertThat(this.connections).hasSize(8);
		assertThat(result.samples().stream().collect(Collectors.groupingBy(Sample::clientPort)).values()).hasSize(8)
			.allSatisfy((samples) -> assertThat(samples).hasSizeGreaterThan(1));
		assertThat(result.sent()).isEqualTo(100);
	}

	@Test
	void newConnectionForEachShouldKeepNone() {
		load("/quick").newConnectionForEach().start(Plan.steady(20, Duration.ofSeconds(1))).await();
		assertThat(this.connections).hasSize(20);
	}

	@Test
	void callersShouldWaitForEachAnswer() {
		LoadResult result = load("/stall-at/5").connections(2)
			.byCallers(2, Duration.ofMillis(1200), Duration.ofSeconds(1));
		assertThat(result.samples()).allMatch(Sample::isOk);
		assertThat(result.samples().stream().filter((sample) -> sample.latencyNanos() > 500_000_000)).hasSize(2);
		assertThat(this.connections).hasSize(2);
	}

	@Test
	void callersShouldPauseAfterAnError() {
		LoadResult result = load("/missing").connections(2)
			.byCallers(2, Duration.ofMillis(1500), Duration.ofSeconds(1));
		assertThat(result.count(Outcome.FAILED)).isEqualTo(4);
		assertThat(load("/unavailable").byCallers(1, Duration.ofMillis(500), Duration.ofSeconds(1))
			.count(Outcome.UNAVAILABLE)).isEqualTo(1);
	}

	@Test
	void thousandPerSecondShouldBeSentAsPlanned() {
		Plan plan = Plan.steady(1000, Duration.ofSeconds(2)).poisson(1);
		LoadResult result = load("/quick").connections(50).prefilled().start(plan).await();
		List<Long> due = new ArrayList<>();
		plan.dueTimes().forEachRemaining((LongConsumer) due::add);
		assertThat(due).hasSizeBetween(1800, 2200);
		assertThat(result.samples()).extracting(Sample::dueNanos).containsExactlyInAnyOrderElementsOf(due);
		assertThat(result.count(Outcome.OK)).isEqualTo(due.size());
	}

	@Test
	void stopShouldReturnWhatWasSent() {
		RunningLoad run = load("/quick").start(Plan.steady(100, Duration.ofHours(1)));
		assertThat(run.stop().sent()).isLessThan(1000);
	}

	@Test
	void awaitUntilShouldCountRequestsWithoutAnOutcome() {
		LoadResult result = load("/never").timeout(Duration.ofHours(1))
			.start(Plan.steady(10, Duration.ofMillis(300)))
			.awaitUntil(Duration.ofSeconds(1));
		assertThat(result.count(Outcome.TIMED_OUT)).isEqualTo(3);
		assertThat(load("/quick").start(Plan.steady(0, Duration.ofMillis(1))).awaitUntil(Duration.ZERO).sent())
			.isZero();
	}

	@Test
	void whenServerIsDownPrefilledShouldFail() {
		assertThatIllegalStateException()
			.isThrownBy(() -> Load.get("http://127.0.0.1:1/")
				.connections(2)
				.prefilled()
				.start(Plan.steady(1, Duration.ofSeconds(1))))
			.withMessageContaining("Could not open 2 connections");
	}

	private Load load(String path) {
		return Load.get("http://127.0.0.1:" + this.server.port() + path);
	}

	/** Blocks the loop for a second. */
	private void stall() {
		this.stallStart = System.nanoTime();
		try {
			Thread.sleep(1000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.stallEnd = System.nanoTime();
	}

}
