package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.EventLoopStatusChangedEvent;
import io.github.eventloop.health.HealthSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * End-to-end tests from a blocked loop to the readiness that a load balancer reads, with
 * a real server.
 */
class ReadinessEndToEndTests {

	private static final String READINESS = "/actuator/health/readiness";

	private static final String LIVENESS = "/actuator/health/liveness";

	private static final Duration OVERLOADED_P99 = Duration.ofMillis(300);

	private static final Duration TRIP_AFTER = HealthSettings.DEFAULT.tripAfter();

	private static final Duration RECOVER_AFTER = Duration.ofSeconds(3);

	private static final Duration STUCK_AFTER = Duration.ofSeconds(2);

	/** A second is evaluated when it ends. */
	private static final Duration SECOND = Duration.ofSeconds(1);

	/** Tolerance for a busy machine. */
	private static final Duration SLACK = Duration.ofSeconds(60);

	private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(3);

	private ConfigurableApplicationContext context;

	/** Client whose loop is not blocked. */
	private Visitor probe;

	/** Clients whose two loops are blocked. */
	private List<Visitor> blockers;

	@AfterEach
	void close() {
		this.executor.shutdownNow();
		this.context.close();
	}

	@Test
	void whenLoopsAreBlockedRepeatedlyShouldLeaveServiceAndReturn() {
		startAndWarmUp();
		assertThat(this.probe.status(READINESS)).isEqualTo(200);
		long start = System.nanoTime();
		blockRepeatedly(this.blockers);
		await(SECOND.plus(SLACK), () -> lagP99() >= OVERLOADED_P99.toMillis());
		await(TRIP_AFTER.plus(SECOND).plus(SLACK), () -> this.probe.status(READINESS) == 503);
		assertThat(since(start)).isGreaterThan(TRIP_AFTER.minus(SECOND));
		assertThat(this.probe.status("/readyz")).isEqualTo(503);
		assertThat(this.probe.status(LIVENESS)).isEqualTo(200);
		assertThat(this.probe.eventLoops().get("status").asString()).isEqualTo("OVERLOADED");
		this.executor.shutdownNow();
		long end = System.nanoTime();
		await(RECOVER_AFTER.plus(SECOND).plus(SLACK), () -> this.probe.status(READINESS) == 200);
		assertThat(since(end)).isGreaterThan(RECOVER_AFTER.minus(SECOND));
		assertThat(this.probe.status("/readyz")).isEqualTo(200);
		assertThat(this.blockers).allMatch((blocker) -> blocker.status("/loop") == 200);
		await(SLACK, () -> !events().isEmpty() && events().get(events().size() - 1).to().isInService());
		assertThat(events()).extracting(EventLoopStatusChangedEvent::to).containsOnlyOnce(EventLoopStatus.OVERLOADED);
		assertThat(events().get(0).from()).isEqualTo(EventLoopStatus.STARTING);
		for (int i = 1; i < events().size(); i++) {
			assertThat(events().get(i).from()).isEqualTo(events().get(i - 1).to());
		}
	}

	@Test
	void whenLoopIsBlockedOnceShouldStayInService() {
		startAndWarmUp();
		this.blockers.get(0).block(Duration.ofMillis(500));
		assertThat(this.probe.eventLoops().at("/lag/maxMillis").asDouble()).isGreaterThan(400);
		shouldStayReadyFor(TRIP_AFTER.plus(SECOND));
		assertThat(events()).allMatch((event) -> event.to().isInService());
	}

	@Test
	void whenStartingShouldLeaveServiceForAStuckLoopOnly() {
		start(Duration.ofMinutes(1));
		blockRepeatedly(this.blockers.subList(0, 1));
		await(SECOND.plus(SLACK), () -> lagP99() >= OVERLOADED_P99.toMillis());
		shouldStayReadyFor(TRIP_AFTER.plus(SECOND));
		assertThat(lagP99()).isGreaterThanOrEqualTo(OVERLOADED_P99.toMillis());
		assertThat(events()).isEmpty();
		this.executor.execute(() -> this.blockers.get(1).block(STUCK_AFTER.plus(SECOND).plus(SECOND)));
		await(STUCK_AFTER.plus(SECOND).plus(SLACK), () -> this.probe.status(READINESS) == 503);
		assertThat(this.probe.eventLoops().get("status").asString()).isEqualTo("STUCK");
		assertThat(this.probe.status(LIVENESS)).isEqualTo(200);
		await(SECOND.plus(RECOVER_AFTER).plus(SECOND).plus(SLACK), () -> this.probe.status(READINESS) == 200);
		await(SLACK, () -> events().size() == 2);
		assertThat(events()).extracting(EventLoopStatusChangedEvent::from)
			.containsExactly(EventLoopStatus.STARTING, EventLoopStatus.STUCK);
		assertThat(events()).extracting(EventLoopStatusChangedEvent::to)
			.containsExactly(EventLoopStatus.STUCK, EventLoopStatus.STARTING);
	}

	private void startAndWarmUp() {
		start(Duration.ofSeconds(3));
		await(SLACK, () -> reason().startsWith("lag ") && lagP99() < 50);
	}

	private void start(Duration startupGrace) {
		this.context = BlockableApplication.run("eventloop.window=5s",
				"eventloop.health.startup-grace=" + startupGrace.toSeconds() + "s",
				"eventloop.health.overloaded-p99=" + OVERLOADED_P99.toMillis() + "ms",
				"eventloop.health.recover-after=" + RECOVER_AFTER.toSeconds() + "s", "eventloop.health.leave-within=0s",
				"eventloop.health.stuck-after=" + STUCK_AFTER.toSeconds() + "s",
				"management.endpoint.health.probes.add-additional-paths=true");
		Map<String, Visitor> visitors = new LinkedHashMap<>();
		for (int i = 0; i < 100 && visitors.size() < 3; i++) {
			Visitor visitor = Visitor.of(this.context);
			visitors.putIfAbsent(visitor.loop(), visitor);
		}
		assertThat(visitors).hasSize(3);
		this.blockers = new ArrayList<>(visitors.values());
		this.probe = this.blockers.remove(0);
	}

	/** Block the loops for 400 ms of every 500 ms. */
	private void blockRepeatedly(List<Visitor> blockers) {
		for (Visitor blocker : blockers) {
			this.executor.scheduleAtFixedRate(() -> blocker.block(Duration.ofMillis(400)), 0, 500,
					TimeUnit.MILLISECONDS);
		}
	}

	private void shouldStayReadyFor(Duration duration) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(100))
			.during(duration)
			.atMost(duration.plus(SLACK))
			.failFast("not ready", () -> this.probe.status(READINESS) != 200)
			.until(() -> true);
	}

	private static void await(Duration atMost, Callable<Boolean> condition) {
		Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50)).atMost(atMost).until(condition);
	}

	private String reason() {
		return this.probe.eventLoops().get("reason").asString();
	}

	private double lagP99() {
		return this.probe.eventLoops().at("/lag/p99Millis").asDouble();
	}

	private List<EventLoopStatusChangedEvent> events() {
		return this.context.getBean(BlockableApplication.class).events();
	}

	private static Duration since(long nanoTime) {
		return Duration.ofNanos(System.nanoTime() - nanoTime);
	}

}
