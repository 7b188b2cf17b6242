package io.github.eventloop.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.health.internal.StatusNotifier;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.health.internal.TestSettings;
import io.github.eventloop.health.internal.TestStartup;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopHealth}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventLoopHealthTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);

	private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

	private Consumer<Object> listener = this.events::add;

	private final EventLoopHealth health = new EventLoopHealth(this.monitor,
			new TestSettings().startupGrace(0).recoverAfter(2).build(), (event) -> this.listener.accept(event));

	private long second;

	@AfterEach
	void stop() {
		this.health.destroy();
		this.monitor.close();
	}

	@Test
	void whenNotJudgedYetShouldBeStarting() {
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.STARTING);
		assertThat(this.health.reason()).isEqualTo("no second has been judged yet");
	}

	@Test
	void shouldJudgeEverySecond() {
		lag(1);
		assertThat(this.health.judgement()).isEqualTo(new Judgement(EventLoopStatus.HEALTHY, "lag p99 1 ms over 10 s"));
		lag(60);
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.DEGRADED);
		assertThat(this.health.reason()).isEqualTo("lag p99 60 ms over 10 s");
	}

	@Test
	void shouldPublishEveryChangeOfStatusInOrder() throws InterruptedException {
		lag(1);
		lag(300);
		lag(300);
		lag(300);
		lag(1);
		lag(1);
		nextShouldBe(EventLoopStatus.STARTING, EventLoopStatus.HEALTHY, "lag p99 1 ms over 10 s");
		nextShouldBe(EventLoopStatus.HEALTHY, EventLoopStatus.DEGRADED, "lag p99 300 ms over 10 s");
		nextShouldBe(EventLoopStatus.DEGRADED, EventLoopStatus.OVERLOADED,
				"lag p99 up to 300 ms in 3 of the last 4 seconds; back in service in 2 s if no loop is stuck");
		nextShouldBe(EventLoopStatus.OVERLOADED, EventLoopStatus.HEALTHY, "lag p99 1 ms over 10 s");
		assertThat(this.events).isEmpty();
	}

	@Test
	void shouldRememberTheLatestChanges() {
		Instant before = Instant.now();
		lag(1);
		lag(60);
		assertThat(this.health.changes()).extracting(EventLoopStatusChangedEvent::to)
			.containsExactly(EventLoopStatus.HEALTHY, EventLoopStatus.DEGRADED);
		assertThat(this.health.changes()).extracting(EventLoopStatusChangedEvent::at)
			.isSorted()
			.allMatch((time) -> !time.isBefore(before) && !time.isAfter(Instant.now()));
		for (int i = 0; i < 100; i++) {
			lag(1);
			lag(60);
		}
		assertThat(this.health.changes()).hasSize(64)
			.last()
			.extracting(EventLoopStatusChangedEvent::to)
			.isEqualTo(this.health.status());
	}

	@Test
	void shouldPublishOnADaemonThreadOfItsOwn() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		this.listener = (event) -> thread.set(Thread.currentThread());
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		lag(60);
		Awaitility.await().atMost(LONG).until(() -> thread.get() != null);
		assertThat(thread.get().getName()).isEqualTo(StatusNotifier.EVENTS_THREAD_NAME);
		assertThat(thread.get().isDaemon()).isTrue();
		assertThat(thread.get().getContextClassLoader()).isSameAs(loader);
	}

	@Test
	void whenListenerBlocksShouldKeepJudging() throws InterruptedException {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.listener = (event) -> {
			blocked.countDown();
			awaitQuietly(release);
			this.events.add(event);
		};
		lag(300);
		assertThat(blocked.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		lag(300);
		lag(300);
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.OVERLOADED);
		// Far more changes than the queue of the listener holds.
		for (int i = 0; i < 500; i++) {
			lag(1);
			lag(1);
			lag(300);
			lag(300);
			lag(300);
		}
		stuck(3000);
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.STUCK);
		release.countDown();
		Awaitility.await().atMost(LONG).until(() -> this.events.size() == 65);
		EventLoopStatusChangedEvent last = (EventLoopStatusChangedEvent) List.copyOf(this.events).get(64);
		assertThat(last.to()).isEqualTo(EventLoopStatus.STUCK);
	}

	@Test
	void whenListenerBlocksShouldKeepLogging(CapturedOutput output) {
		CountDownLatch release = new CountDownLatch(1);
		this.listener = (event) -> awaitQuietly(release);
		lag(300);
		lag(300);
		lag(300);
		lag(1);
		lag(1);
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(() -> assertThat(output).contains("Out of service: ", "Back in service: "));
		release.countDown();
	}

	@Test
	void whenListenerThrowsShouldPublishTheNextChange(CapturedOutput output) throws InterruptedException {
		List<Object> failed = new CopyOnWriteArrayList<>();
		this.listener = (event) -> {
			if (failed.isEmpty()) {
				failed.add(event);
				throw new AssertionError("not today");
			}
			this.events.add(event);
		};
		lag(60);
		stuck(3200);
		nextShouldBe(EventLoopStatus.DEGRADED, EventLoopStatus.STUCK,
				"reactor-http-1 has made no progress for 3.2 s; back in service in 2 s if no loop is stuck");
		assertThat(output).contains("Listener threw an exception while handling").contains("not today");
	}

	@Test
	void shouldLogLeavingAndReturningOnce(CapturedOutput output) {
		lag(300);
		lag(300);
		lag(300);
		lag(300);
		stuck(2000);
		lag(1);
		lag(1);
		Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(output).contains("Back in service: "));
		assertThat(output.toString().lines().filter((line) -> line.contains("service: event loops are")))
			.satisfiesExactly((line) -> assertThat(line).contains("WARN",
					"Out of service: event loops are OVERLOADED, lag p99 up to 300 ms in 3 of the last 3 seconds; back in"),
					(line) -> assertThat(line).contains("INFO",
							"Back in service: event loops are HEALTHY, lag p99 1 ms over 10 s"));
	}

	@Test
	void whenStartingIsOverShouldLogIt(CapturedOutput output) {
		lag(1);
		lag(60);
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(() -> assertThat(output)
				.contains("No longer starting: event loops are HEALTHY, lag p99 1 ms over 10 s"));
	}

	@Test
	void whenApplicationIsNotReadyShouldBeStarting() throws InterruptedException {
		AtomicBoolean ready = new AtomicBoolean();
		EventLoopHealth starting = new EventLoopHealth(this.monitor, new TestSettings().startupGrace(0).build(),
				this.events::add, List.of(), new TestStartup(ready::get, null), null, true);
		try {
			starting.onSecond(TestSecond.at(0).loop("one", LoopState.STALLED, Duration.ofSeconds(3)).build());
			assertThat(starting.status()).isEqualTo(EventLoopStatus.STARTING);
			ready.set(true);
			starting.onSecond(TestSecond.at(1).loop("one", LoopState.STALLED, Duration.ofSeconds(4)).build());
			nextShouldBe(EventLoopStatus.STARTING, EventLoopStatus.STUCK, "one has made no progress for 4 s; ");
		}
		finally {
			starting.destroy();
		}
	}

	@Test
	void whenDestroyedShouldNotPublish() {
		this.health.destroy();
		lag(60);
		assertThat(this.health.status()).isEqualTo(EventLoopStatus.DEGRADED);
		assertThat(this.events).isEmpty();
	}

	@Test
	void whenDestroyedShouldInterruptAListener() throws InterruptedException {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		this.listener = (event) -> {
			blocked.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
			}
		};
		lag(60);
		assertThat(blocked.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		this.health.destroy();
		assertThat(interrupted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void shouldCallTheSignalsEverySecond(CapturedOutput output) throws InterruptedException {
		AtomicReference<@Nullable Judgement> judgement = new AtomicReference<>();
		EventLoopHealth withSignals = new EventLoopHealth(this.monitor, new TestSettings().startupGrace(0).build(),
				this.events::add, List.of((second) -> {
					throw new IllegalStateException("not today");
				}, (second) -> judgement.get()), StartupState.READY, null, true);
		try {
			withSignals.onSecond(TestSecond.at(0).build());
			assertThat(withSignals.status()).isEqualTo(EventLoopStatus.HEALTHY);
			judgement.set(new Judgement(EventLoopStatus.STUCK, "12 orders wait"));
			withSignals.onSecond(TestSecond.at(1).build());
			assertThat(withSignals.status()).isEqualTo(EventLoopStatus.STUCK);
			assertThat(withSignals.reason()).startsWith("12 orders wait; back in service in 10 s if ");
			nextShouldBe(EventLoopStatus.STARTING, EventLoopStatus.HEALTHY, "lag p99 0 ms over 10 s");
			nextShouldBe(EventLoopStatus.HEALTHY, EventLoopStatus.STUCK, "12 orders wait; back in service in 10 s if ");
			Awaitility.await()
				.atMost(LONG)
				.untilAsserted(
						() -> assertThat(output).contains("Out of service: event loops are STUCK, 12 orders wait"));
		}
		finally {
			withSignals.destroy();
		}
	}

	@Test
	void whenNotJudgedForHalfAMinuteShouldBeInService() {
		AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
		EventLoopHealth blockedHealth = new EventLoopHealth(this.monitor, new TestSettings().startupGrace(0).build(),
				this.events::add, List.of((second) -> new Judgement(EventLoopStatus.STUCK, "12 orders wait")),
				StartupState.READY, null, true, now::get);
		try {
			blockedHealth.onSecond(TestSecond.at(0).build());
			now.addAndGet(EventLoopHealth.OBSOLETE_AFTER_NANOS - 1);
			assertThat(blockedHealth.status()).isEqualTo(EventLoopStatus.STUCK);
			now.addAndGet(TimeUnit.SECONDS.toNanos(4) + 1);
			assertThat(blockedHealth.status()).isEqualTo(EventLoopStatus.DEGRADED);
			assertThat(blockedHealth.reason()).startsWith("not judged for 34 s: eventloop-monitor is blocked");
			blockedHealth.onSecond(TestSecond.at(1).build());
			assertThat(blockedHealth.reason()).startsWith("12 orders wait; back in service ");
		}
		finally {
			blockedHealth.destroy();
		}
	}

	@Test
	void shouldListenToTheMonitorFromItsInitializationToItsDestruction() {
		this.health.afterPropertiesSet();
		this.monitor.start();
		Awaitility.await().atMost(LONG).until(() -> this.health.judged().snapshot() != null);
		this.health.destroy();
		Object last = this.health.judged();
		CountDownLatch seconds = new CountDownLatch(2);
		this.monitor.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				seconds.countDown();
			}

		});
		awaitQuietly(seconds);
		assertThat(this.health.judged()).isSameAs(last);
	}

	@Test
	void snapshotShouldBeThatOfTheJudgementWhileItIsRecent() {
		AtomicLong now = new AtomicLong();
		EventLoopHealth recent = new EventLoopHealth(this.monitor, new TestSettings().startupGrace(0).build(),
				(event) -> {
				}, List.of(), StartupState.READY, null, true, now::get);
		try {
			assertThat(recent.snapshotOf(recent.judgement())).isNull();
			EventLoopSecond first = TestSecond.at(0).lag(Duration.ofMillis(161)).build();
			recent.onSecond(first);
			Judgement judgement = recent.judgement();
			assertThat(recent.snapshotOf(judgement)).isSameAs(first.snapshot());
			recent.onSecond(TestSecond.at(1).lag(Duration.ofMillis(162)).build());
			assertThat(recent.snapshotOf(judgement)).as("of an earlier judgement").isNull();
			now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1499));
			assertThat(recent.snapshotOf(recent.judgement())).isNotNull();
			now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
			assertThat(recent.snapshotOf(recent.judgement())).as("not recent").isNull();
		}
		finally {
			recent.destroy();
		}
	}

	private void lag(long millis) {
		this.health.onSecond(TestSecond.at(this.second++).lag(Duration.ofMillis(millis)).build());
	}

	private void stuck(long millis) {
		this.health.onSecond(TestSecond.at(this.second++)
			.loop("reactor-http-1", LoopState.STALLED, Duration.ofMillis(millis))
			.build());
	}

	private void nextShouldBe(EventLoopStatus from, EventLoopStatus to, String reason) throws InterruptedException {
		assertThat(next()).isInstanceOfSatisfying(EventLoopStatusChangedEvent.class, (event) -> {
			assertThat(event.from()).isEqualTo(from);
			assertThat(event.to()).isEqualTo(to);
			assertThat(event.reason()).startsWith(reason);
		});
	}

	private Object next() throws InterruptedException {
		Object event = this.events.poll(LONG.toSeconds(), TimeUnit.SECONDS);
		assertThat(event).as("event").isNotNull();
		return event;
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
