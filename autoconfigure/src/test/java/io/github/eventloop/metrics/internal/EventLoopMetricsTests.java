package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import io.github.eventloop.metrics.EventLoopMeters;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;
import io.github.eventloop.monitor.MonitorSettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link EventLoopMetrics}.
 */
class EventLoopMetricsTests {

	/** Meters that other binders register. */
	private static final Set<EventLoopMeters> OTHERS = Set.of(EventLoopMeters.BLOCKING_CALLS,
			EventLoopMeters.SHED_REQUESTS, EventLoopMeters.WORKERS_LATENCY, EventLoopMeters.WORKERS_WAITING,
			EventLoopMeters.OUT_OF_SERVICE, EventLoopMeters.READINESS_STAYS);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final ManualMonitor time = new ManualMonitor();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final EventLoopMetrics metrics = new EventLoopMetrics(this.time.monitor(), null);

	@Test
	void loopThatHasNotStartedShouldHaveNoMeters() {
		this.metrics.bindTo(this.registry);
		add("loop-1");
		endSecond();
		assertThat(loopNames(this.registry)).isEmpty();
	}

	@Test
	void whenARegistryFailsShouldUpdateTheOthers() {
		SimpleMeterRegistry broken = new SimpleMeterRegistry();
		SimpleMeterRegistry other = new SimpleMeterRegistry();
		List.of(this.registry, broken, other).forEach(this.metrics::bindTo);
		broken.config().meterFilter(new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				throw new IllegalStateException("expected by the test");
			}

		});
		add("loop-1").start();
		endSecond();
		assertThat(loopNames(this.registry)).containsExactly("loop-1");
		assertThat(loopNames(other)).containsExactly("loop-1");
	}

	@Test
	void startedLoopShouldHaveAllDocumentedMetersAndNoOthers() {
		this.metrics.bindTo(this.registry);
		add("loop-1").start().listeningPorts = Set.of(8080);
		this.time.connectionsWaiting.put(8080, 3);
		endSecond();
		assertThat(this.registry.get("eventloop.connections.waiting").gauge().value()).isEqualTo(3);
		assertThat(this.registry.getMeters().stream().map((meter) -> meter.getId().getName()))
			.containsOnly(Arrays.stream(EventLoopMeters.values())
				.filter((meter) -> !OTHERS.contains(meter))
				.map(EventLoopMeters::getName)
				.toArray(String[]::new));
		assertThat(this.registry.getMeters()).allSatisfy(EventLoopMetricsTests::isDocumented);
	}

	@Test
	void externalLoopShouldHaveMetersOfKnownValuesOnly() {
		this.metrics.bindTo(this.registry);
		add("driver-1").carrying(-1).probeSent().probeCompleted();
		endSecond();
		assertThat(this.registry.getMeters().stream().map(Meter::getId))
			.filteredOn((id) -> "driver-1".equals(id.getTag("name")))
			.extracting(Meter.Id::getName)
			.containsExactlyInAnyOrder("eventloop.lag", "eventloop.cpu.utilization", "eventloop.tasks.pending");
	}

	@Test
	void whenChannelsOfExternalLoopAreKnownShouldHaveTheirMeter() {
		this.metrics.bindTo(this.registry);
		add("driver-1").carrying(3).probeSent().probeCompleted();
		endSecond();
		assertThat(gauge(EventLoopMeters.CHANNELS)).isEqualTo(3);
	}

	private static void isDocumented(Meter meter) {
		EventLoopMeters documented = Arrays.stream(EventLoopMeters.values())
			.filter((candidate) -> candidate.getName().equals(meter.getId().getName()))
			.findFirst()
			.orElseThrow();
		assertThat(meter.getId().getType()).isEqualTo(documented.getType());
		assertThat(meter.getId().getBaseUnit()).isEqualTo(documented.getBaseUnit());
		assertThat(meter.getId().getDescription()).isEqualTo(documented.getDescription());
		assertThat(meter.getId().getTags().stream().map(Tag::getKey)).containsExactlyInAnyOrder(
				Arrays.stream(documented.getKeyNames()).map(KeyName::asString).toArray(String[]::new));
	}

	@Test
	void metersShouldShowActivityOfLoop() {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1").start();
		loop.pendingTasks = 3;
		loop.channels = 5;
		loop.inFlightRequests = 2;
		loop.idle(Duration.ofMillis(800));
		loop.iterate(7, Duration.ofMillis(150), Duration.ofMillis(50));
		loop.iterateAtOnce(4);
		this.time.endSecond();
		assertThat(seconds("io")).isCloseTo(0.15, within(1e-6));
		assertThat(seconds("tasks")).isCloseTo(0.05, within(1e-6));
		assertThat(seconds("idle")).isCloseTo(0.8, within(1e-6));
		assertThat(gauge(EventLoopMeters.UTILIZATION)).isCloseTo(0.2, within(1e-6));
		assertThat(gauge(EventLoopMeters.CPU_UTILIZATION)).isBetween(0.0, 1.0);
		assertThat(count(EventLoopMeters.EVENTS)).isEqualTo(11);
		assertThat(count(EventLoopMeters.EVENTS_WAITING)).isEqualTo(4);
		assertThat(count(EventLoopMeters.ITERATIONS)).isEqualTo(4);
		assertThat(gauge(EventLoopMeters.TASKS_PENDING)).isEqualTo(3);
		assertThat(gauge(EventLoopMeters.CHANNELS)).isEqualTo(5);
		assertThat(gauge(EventLoopMeters.REQUESTS_ACTIVE)).isEqualTo(2);
	}

	@Test
	void lagShouldBeThatOfEventsEveryTenMilliseconds() {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1").start();
		for (int i = 0; i < 10; i++) {
			loop.idle(Duration.ofMillis(800));
			loop.iterate(1, Duration.ofMillis(200), Duration.ZERO);
			this.time.endSecond();
		}
		Timer lag = this.registry.get("eventloop.lag").timer();
		assertThat(lag.count()).isBetween(990L, 1010L);
		// An event that arrives in the 200 ms of a second waits 100 ms on average.
		assertThat(lag.mean(TimeUnit.MILLISECONDS)).isCloseTo(20, within(1.0));
		assertThat(lag.max(TimeUnit.MILLISECONDS)).isBetween(185.0, 205.0);
	}

	@Test
	void eachLoopShouldHaveItsOwnLag() {
		this.metrics.bindTo(this.registry);
		add("never-started");
		ManualLoop idle = add("idle").start();
		ManualLoop slow = add("slow").start();
		idle.idle(Duration.ofMillis(500));
		slow.iterate(1, Duration.ofMillis(500), Duration.ZERO);
		this.time.endSecond();
		assertThat(this.registry.get("eventloop.lag").tag("name", "slow").timer().max(TimeUnit.MILLISECONDS))
			.isGreaterThan(400);
		assertThat(this.registry.get("eventloop.lag").tag("name", "idle").timer().max(TimeUnit.MILLISECONDS)).isZero();
		assertThat(this.registry.get("eventloop.lag").tag("name", "idle").timer().count()).isPositive();
	}

	@Test
	void readingShouldChangeNothingWithinASecond() {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1").start();
		endSecond();
		double idle = seconds("idle");
		double iterations = count(EventLoopMeters.ITERATIONS);
		long records = this.registry.get("eventloop.lag").timer().count();
		loop.idle(Duration.ofMillis(100));
		loop.iterate(1, Duration.ofMillis(300), Duration.ZERO);
		assertThat(seconds("idle")).isEqualTo(idle);
		assertThat(count(EventLoopMeters.ITERATIONS)).isEqualTo(iterations);
		assertThat(gauge(EventLoopMeters.UTILIZATION)).isZero();
		assertThat(this.registry.get("eventloop.lag").timer().count()).isEqualTo(records);
		loop.idle(Duration.ofMillis(600));
		this.time.endSecond();
		assertThat(seconds("idle")).isCloseTo(idle + 0.7, within(1e-6));
		assertThat(gauge(EventLoopMeters.UTILIZATION)).isCloseTo(0.15, within(1e-6));
	}

	@Test
	void countersShouldOnlyGrow() {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1").start();
		double[] last = new double[6];
		for (int i = 0; i < 50; i++) {
			loop.iterate(i % 3, Duration.ofMillis(i), Duration.ofMillis(50 - i));
			loop.idle(Duration.ofMillis(i * 7L));
			if (i % 4 == 0) {
				loop.iterateAtOnce(1);
			}
			this.time.endSecond();
			double[] now = this.registry.getMeters()
				.stream()
				.filter(FunctionCounter.class::isInstance)
				.sorted((one, other) -> one.getId().toString().compareTo(other.getId().toString()))
				.mapToDouble((meter) -> ((FunctionCounter) meter).count())
				.toArray();
			for (int j = 0; j < last.length; j++) {
				assertThat(now[j]).isGreaterThanOrEqualTo(last[j]);
			}
			last = now;
		}
		assertThat(Arrays.stream(last)).allMatch((value) -> value > 0);
	}

	@Test
	void whenLoopTerminatesShouldRemoveItsMeters() {
		this.metrics.bindTo(this.registry);
		ManualLoop first = add("loop-1").start();
		add("loop-2").start();
		endSecond();
		assertThat(loopNames(this.registry)).containsExactlyInAnyOrder("loop-1", "loop-2");
		first.terminated = true;
		endSecond();
		assertThat(loopNames(this.registry)).containsExactly("loop-2");
	}

	@Test
	void whenLoopIsReplacedByOneOfTheSameNameShouldReplaceMeters() {
		this.metrics.bindTo(this.registry);
		ManualLoop first = add("loop-1").start();
		first.idle(Duration.ofSeconds(5));
		this.time.endSecond();
		Timer lag = this.registry.get("eventloop.lag").timer();
		assertThat(seconds("idle")).isCloseTo(5, within(1e-6));
		first.terminated = true;
		ManualLoop second = add("loop-1").start();
		second.idle(SECOND);
		this.time.endSecond();
		assertThat(seconds("idle")).isCloseTo(1, within(1e-6));
		assertThat(this.registry.get("eventloop.lag").timer()).isNotSameAs(lag);
		assertThat(this.registry.get("eventloop.lag").timer().count()).isBetween(99L, 101L);
		second.terminated = true;
		endSecond();
		assertThat(loopNames(this.registry)).isEmpty();
	}

	@Test
	void whenLoopsShareNameEachShouldKeepItsOwnMeters() {
		this.metrics.bindTo(this.registry);
		ManualLoop first = add("loop-1").start();
		ManualLoop second = add("loop-1").start();
		second.channels = 2;
		endSecond();
		assertThat(loopNames(this.registry)).containsExactlyInAnyOrder("loop-1", "loop-1#2");
		first.terminated = true;
		endSecond();
		assertThat(loopNames(this.registry)).containsExactly("loop-1#2");
		assertThat(gauge(EventLoopMeters.CHANNELS)).isEqualTo(2);
		endSecond();
		assertThat(seconds("idle")).isCloseTo(3, within(1e-6));
	}

	@Test
	void loopsShouldBeTaggedWithTheirGroup() {
		this.metrics.bindTo(this.registry);
		this.time.addLoop("server", "server-1").start();
		this.time.addLoop("client", "client-1").start();
		endSecond();
		assertThat(this.registry.get("eventloop.channels").tags("group", "server", "name", "server-1").gauge())
			.isNotNull();
		assertThat(this.registry.get("eventloop.channels").tags("group", "client", "name", "client-1").gauge())
			.isNotNull();
	}

	@Test
	void whenCpuTimeIsUnknownShouldHaveNoCpuUtilization() throws InterruptedException {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1");
		Thread ended = new Thread(loop::start);
		ended.start();
		ended.join();
		endSecond();
		assertThat(this.registry.find("eventloop.utilization").gauge()).isNotNull();
		assertThat(this.registry.find("eventloop.cpu.utilization").gauge()).isNull();
	}

	@Test
	void whenCpuTimeIsNoLongerKnownShouldKeepTheLastValue() throws InterruptedException {
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1").start();
		endSecond();
		Thread ended = new Thread(() -> loop.recorder().started(this.time.now()));
		ended.start();
		ended.join();
		double last = gauge(EventLoopMeters.CPU_UTILIZATION);
		endSecond();
		assertThat(loopSnapshot().cpuUtilization()).isNull();
		assertThat(gauge(EventLoopMeters.CPU_UTILIZATION)).isEqualTo(last);
	}

	@Test
	void noValueShouldBeNotANumber() {
		this.metrics.bindTo(this.registry);
		add("loop-1").start();
		this.time.endSecond();
		assertThat(this.registry.getMeters())
			.allSatisfy((meter) -> assertThat(meter.measure()).extracting((measurement) -> measurement.getValue())
				.allMatch(Double::isFinite));
	}

	@Test
	void pausesShouldBeRecorded() {
		this.metrics.bindTo(this.registry);
		this.time.pause(Duration.ofMillis(40));
		this.time.pass(Duration.ofMillis(100));
		this.time.pause(Duration.ofMillis(60));
		endSecond();
		endSecond();
		Timer pauses = this.registry.get("eventloop.pauses").timer();
		assertThat(pauses.count()).isEqualTo(2);
		assertThat(pauses.totalTime(TimeUnit.MILLISECONDS)).isCloseTo(100, within(0.001));
		assertThat(pauses.max(TimeUnit.MILLISECONDS)).isCloseTo(60, within(0.001));
	}

	@Test
	void eachRegistryShouldHaveItsOwnMeters() {
		MeterRegistry late = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		ManualLoop loop = add("loop-1").start();
		endSecond();
		this.metrics.bindTo(late);
		endSecond();
		assertThat(this.registry.get("eventloop.lag").timer().count()).isBetween(199L, 201L);
		assertThat(late.get("eventloop.lag").timer().count()).isBetween(99L, 101L);
		assertThat(late.get("eventloop.time").tag("state", "idle").functionCounter().count()).isCloseTo(2,
				within(1e-6));
		loop.terminated = true;
		endSecond();
		assertThat(loopNames(this.registry)).isEmpty();
		assertThat(loopNames(late)).isEmpty();
	}

	@Test
	void compositeShouldPropagateMetersAndTheirRemoval() {
		CompositeMeterRegistry composite = new CompositeMeterRegistry();
		MeterRegistry other = new SimpleMeterRegistry();
		composite.add(this.registry).add(other);
		this.metrics.bindTo(composite);
		ManualLoop loop = add("loop-1").start();
		loop.channels = 4;
		endSecond();
		for (MeterRegistry child : List.of(this.registry, other)) {
			assertThat(child.get("eventloop.channels").gauge().value()).isEqualTo(4);
			assertThat(child.get("eventloop.lag").timer().count()).isBetween(99L, 101L);
			assertThat(child.getMeters()).allSatisfy(EventLoopMetricsTests::isDocumented);
		}
		loop.terminated = true;
		add("loop-1").start();
		endSecond();
		for (MeterRegistry child : List.of(this.registry, other)) {
			assertThat(child.get("eventloop.channels").gauge().value()).isZero();
			assertThat(child.get("eventloop.lag").timer().count()).isBetween(99L, 101L);
		}
		this.metrics.close();
		assertThat(this.registry.getMeters()).isEmpty();
		assertThat(other.getMeters()).isEmpty();
	}

	@Test
	void whenBoundTwiceToOneRegistryShouldRecordOnce() {
		this.metrics.bindTo(this.registry);
		this.metrics.bindTo(this.registry);
		add("loop-1").start();
		endSecond();
		assertThat(this.registry.get("eventloop.lag").timer().count()).isBetween(99L, 101L);
	}

	@Test
	void closeShouldRemoveTheMetersAndStopListening() {
		this.metrics.bindTo(this.registry);
		add("loop-1").start();
		endSecond();
		Meter unrelated = this.registry.counter("unrelated");
		this.metrics.close();
		assertThat(this.registry.getMeters()).containsExactly(unrelated);
		this.metrics.bindTo(this.registry);
		endSecond();
		assertThat(loopNames(this.registry)).isEmpty();
	}

	@Test
	void whenMonitorRunsShouldRegisterAndRemoveMeters() {
		ManualLoop loop = add("loop-1");
		try (EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
				EventLoopMetrics published = new EventLoopMetrics(monitor, null)) {
			published.bindTo(this.registry);
			monitor.addSource(() -> List.of(loop));
			monitor.start();
			loop.start();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(loopNames(this.registry)).containsExactly("loop-1"));
			loop.terminated = true;
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(loopNames(this.registry)).isEmpty());
		}
		assertThat(this.registry.getMeters()).isEmpty();
	}

	private ManualLoop add(String name) {
		return this.time.addLoop("test", name);
	}

	private void endSecond() {
		this.time.pass(SECOND);
		this.time.endSecond();
	}

	private LoopSnapshot loopSnapshot() {
		return this.time.monitor().snapshot().loops().get(0);
	}

	private double seconds(String state) {
		return this.registry.get("eventloop.time").tag("state", state).functionCounter().count();
	}

	private double count(EventLoopMeters meter) {
		return this.registry.get(meter.getName()).functionCounter().count();
	}

	private double gauge(EventLoopMeters meter) {
		return this.registry.get(meter.getName()).gauge().value();
	}

	private static Set<String> loopNames(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getTag("name"))
			.filter((name) -> name != null)
			.collect(Collectors.toSet());
	}

}
