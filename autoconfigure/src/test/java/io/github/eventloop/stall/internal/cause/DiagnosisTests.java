package io.github.eventloop.stall.internal.cause;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallScenario;
import io.github.eventloop.stall.internal.sample.ProcessUsage;
import io.github.eventloop.stall.internal.sample.ThreadUsage;
import io.github.eventloop.stall.internal.stack.ClassLoading;
import io.github.eventloop.stall.internal.stack.CulpritFinder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Diagnosis} and {@link CulpritFinder}.
 */
class DiagnosisTests {

	private static final String COMPUTE = "com.acme.Prices.sum:42";

	private static final String SLEEP = "java.lang.Thread.sleep:-2";

	private static final String LOOP = "io.netty.channel.SingleThreadIoEventLoop.run:196";

	@ParameterizedTest
	@CsvSource({ "505, 2600", "1018, 900", "4019, 16000", "101, 5000", "150, 0" })
	void whenOwnCpuTimeIsAboveThresholdShouldNameLineRegardlessOfQueuedTime(long cpu, long queued) {
		StallScenario stall = new StallScenario().queued(cpu + queued, cpu, queued, COMPUTE, LOOP);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.culprit()).hasToString("com.acme.Prices.sum(Prices.java:42)");
		assertThat(stall.diagnose().share(StallCause.COMPUTING)).isEqualTo(nanos(cpu));
		assertThat(stall.diagnose().share(StallCause.STARVED)).isEqualTo(nanos(queued));
	}

	@ParameterizedTest
	@CsvSource({ "60, 505", "99, 101", "0, 150" })
	void whenOwnCpuTimeIsBelowThresholdShouldBeStarved(long cpu, long queued) {
		StallScenario stall = new StallScenario().queued(cpu + queued, cpu, queued, COMPUTE, LOOP);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.STARVED);
		assertThat(stall.diagnose().share(StallCause.STARVED)).isEqualTo(nanos(queued));
	}

	@Test
	void whenQueuedTimeIsUnknownShouldTreatRemainderAsStarvation() {
		assertThat(new StallScenario().running(400, 60, COMPUTE).diagnose().cause()).isEqualTo(StallCause.STARVED);
	}

	@ParameterizedTest
	@CsvSource({ "0, 150", "70, 150", "40, 120" })
	void whenCpuTimeBoundsAllowComputationShouldNameLine(long leastCpu, long mostCpu) {
		StallScenario stall = new StallScenario().sample(StallCause.COMPUTING, 150, leastCpu, mostCpu, -1, null,
				COMPUTE);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.culprit()).isNotNull();
	}

	@Test
	void whenSampledAsSleepingShouldCountOnlyCertainCpuTime() {
		StallScenario stall = new StallScenario().sample(StallCause.SLEEPING, 150, 20, 80, 0, null, SLEEP, COMPUTE);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.SLEEPING);
		assertThat(stall.diagnose().share(StallCause.COMPUTING)).isEqualTo(nanos(20));
	}

	@Test
	void whenStallWasNotSampledShouldReportOnlyWhatIsCertain() {
		assertThat(notSampled(130, 0, 10, 110).diagnose().cause()).isEqualTo(StallCause.STARVED);
		assertThat(notSampled(130, 115, 120, 5).diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(notSampled(104, 0, 104, 0).diagnose().cause()).isEqualTo(StallCause.UNKNOWN);
		assertThat(notSampled(130, 0, 5, -1).diagnose().cause()).isEqualTo(StallCause.STARVED);
		assertThat(notSampled(130, 0, 5, 3).diagnose().cause()).isEqualTo(StallCause.UNKNOWN);
		assertThat(notSampled(130, 0, 5, 3).paused(120).diagnose().cause()).isEqualTo(StallCause.STARVED);
		assertThat(notSampled(300, 0, 5, 3).cycles().diagnose().cause()).isEqualTo(StallCause.GC);
		assertThat(notSampled(130, 0, 5, 3).collected(100).diagnose().cause()).isEqualTo(StallCause.GC);
	}

	private static StallScenario notSampled(long millis, long leastCpu, long mostCpu, long queued) {
		return new StallScenario().sample(null, millis, leastCpu, mostCpu, queued, null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acme.Prices.sum:42", "java.util.Arrays.copyOf:3512", "java.lang.String.intern:-2" })
	void whenAsleepInNonBlockingCodeDuringCollectionShouldBeGc(String frame) {
		StallScenario stall = new StallScenario().asleep(100, frame, COMPUTE).asleep(20, frame, COMPUTE).cycles();
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.GC);
		assertThat(stall.culprit()).hasToString("com.acme.Prices.sum(Prices.java:42)");
		assertThat(stall.diagnose().share(StallCause.GC)).isEqualTo(nanos(120));
	}

	@Test
	void whenRunnableThreadWasNeitherRunningNorQueuedShouldBeSuspended() {
		StallScenario stall = new StallScenario().queued(10_288, 2, 286, COMPUTE, LOOP);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.STARVED);
		assertThat(stall.diagnose().isQueued()).isFalse();
		assertThat(stall.cycles().diagnose().cause()).isEqualTo(StallCause.GC);
		assertThat(new StallScenario().queued(288, 2, 286, COMPUTE, LOOP).diagnose().isQueued()).isTrue();
	}

	@Test
	void whenAsleepForUnknownReasonShouldBeUnknownButNameLine() {
		StallScenario stall = new StallScenario().asleep(100, COMPUTE).asleep(20, COMPUTE);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.UNKNOWN);
		assertThat(stall.culprit()).isNotNull();
		assertThat(stall.paused(110).diagnose().cause()).isEqualTo(StallCause.STARVED);
	}

	@ParameterizedTest
	@EnumSource(names = { "SLEEPING", "WAITING", "LOCK", "BLOCKING_IO" })
	void whenOneSampleIsAnOutlierShouldNotOutweighTheRest(StallCause cause) {
		StallScenario stall = new StallScenario();
		for (int i = 0; i < 8; i++) {
			stall.waiting(cause, (i == 0) ? 120 : 20, SLEEP, COMPUTE, LOOP);
		}
		stall.asleep(329, "io.netty.channel.epoll.Native.epollCtlAdd0:-2", LOOP).collected(286);
		assertThat(stall.diagnose().cause()).isEqualTo(cause);
		assertThat(stall.culprit()).hasToString("com.acme.Prices.sum(Prices.java:42)");
		assertThat(stall.diagnose().share(StallCause.GC)).isEqualTo(nanos(286));
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPUTING", "SLEEPING", "WAITING", "LOCK", "BLOCKING_IO", "UNKNOWN" })
	void timeInCollectionsShouldBeGcRegardlessOfSampledCause(StallCause seen) {
		StallScenario stall = new StallScenario().sample(seen, 100, 0, 10, 0, null, SLEEP, COMPUTE)
			.sample(seen, 300, 0, 5, 0, null, SLEEP, COMPUTE)
			.collected(290);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.GC);
		assertThat(stall.diagnose().share(StallCause.GC)).isEqualTo(nanos(290));
	}

	@ParameterizedTest
	@CsvSource({ "107, 79, 6, 20", "400, 350, 20, 60" })
	void whenCollectorWasStarvedShouldBeStarved(long length, long collected, long cpu, long collectorCpu) {
		StallScenario stall = new StallScenario().queued(length, cpu, length - collected - cpu, COMPUTE)
			.collected(collected)
			.collectorCpu(collectorCpu);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.STARVED);
		assertThat(stall.diagnose().share(StallCause.GC)).isEqualTo(nanos(collectorCpu));
	}

	@Test
	void cpuTimeShouldOutweighASingleSampleOfAWait() {
		StallScenario stall = new StallScenario().running(120, 120, COMPUTE)
			.sample(StallCause.BLOCKING_IO, 150, 148, 148, 0, null, "sun.nio.ch.SocketDispatcher.write0:-2", LOOP)
			.running(20, 20, COMPUTE);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.culprit()).hasToString("com.acme.Prices.sum(Prices.java:42)");
	}

	@ParameterizedTest
	@CsvSource({ "20, 20, 6, 1, BLOCKING_IO", "20, 3, 7, 6, BLOCKING_IO", "20, 20, 3, 4, COMPUTING" })
	void cpuTimeOfSystemCallsShouldCountAsBlockingIo(long nanos, long cpu, int calls, int others, StallCause cause) {
		StallScenario stall = new StallScenario();
		for (int i = 0; i < calls; i++) {
			stall.sample(StallCause.BLOCKING_IO, nanos, cpu, cpu, 0, null, "java.io.FileInputStream.readBytes:-2",
					COMPUTE, LOOP);
		}
		for (int i = 0; i < others; i++) {
			stall.running(nanos, nanos, "com.acme.Prices.parse:57", LOOP);
		}
		assertThat(stall.diagnose().cause()).isEqualTo(cause);
		assertThat(stall.diagnose().cpuNanos()).isEqualTo(nanos(calls * cpu + others * nanos));
	}

	@Test
	void whenSystemCallsWaitForCpuShouldNameTheirLine() {
		StallScenario stall = new StallScenario();
		for (int i = 0; i < 6; i++) {
			stall.sample(StallCause.BLOCKING_IO, 100, 25, 25, 75, null, "java.io.FileInputStream.readBytes:-2", COMPUTE,
					LOOP);
		}
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.BLOCKING_IO);
		assertThat(stall.culprit()).hasToString("com.acme.Prices.sum(Prices.java:42)");
		assertThat(stall.diagnose().share(StallCause.STARVED)).isEqualTo(nanos(450));
	}

	@Test
	void whenCpuTimeIsUnknownShouldTreatRunnableAsComputingUnlessProcessWasPaused() {
		StallScenario stall = new StallScenario().cpuUnknown()
			.sample(StallCause.COMPUTING, 150, 0, 150, -1, null, COMPUTE);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.paused(120).diagnose().cause()).isEqualTo(StallCause.STARVED);
	}

	@ParameterizedTest
	@CsvSource({ "5, 5, true", "3, 5, true", "2, 5, false", "1, 5, false", "0, 5, false" })
	void shouldNameTheOwnerOfALockThatWasHeldForMostOfTheWait(int held, int samples, boolean named) {
		LockOwner owner = new LockOwner("holder", null, false);
		StallScenario stall = new StallScenario();
		for (int i = 0; i < samples; i++) {
			stall.sample(StallCause.LOCK, 100, 0, 0, 0, (i < held) ? owner : null, COMPUTE);
		}
		assertThat(stall.diagnose().lockOwner()).isEqualTo(named ? owner : null);
	}

	@Test
	void whenOwnersOfALockTakeTurnsShouldNameNone() {
		StallScenario stall = new StallScenario();
		for (int i = 0; i < 4; i++) {
			stall.sample(StallCause.LOCK, 50, 0, 0, 0, new LockOwner("holder-" + i, null, false), COMPUTE);
		}
		assertThat(stall.diagnose().lockOwner()).isNull();
	}

	@Test
	void shouldNotNameTheOwnerOfALockThatWasNotTheCause() {
		StallScenario stall = new StallScenario()
			.sample(StallCause.LOCK, 20, 0, 0, 0, new LockOwner("holder", null, false))
			.waiting(StallCause.SLEEPING, 200, SLEEP, COMPUTE);
		assertThat(stall.diagnose().lockOwner()).isNull();
	}

	@Test
	void ownerShouldKeepItsLineIfItEndsBeforeItIsSampledAgain() {
		Culprit line = new Culprit("com.acme.Prices", "save", "Prices.java", 7);
		StallScenario stall = new StallScenario()
			.sample(StallCause.LOCK, 100, 0, 0, 0, new LockOwner("holder", line, false), COMPUTE)
			.sample(StallCause.LOCK, 20, 0, 0, 0, new LockOwner("holder", null, false), COMPUTE);
		assertThat(stall.diagnose().lockOwner()).isEqualTo(new LockOwner("holder", line, false));
	}

	@Test
	void ownerShouldBeAtTheLineWhereItWasForMostOfTheWait() {
		LockOwner entering = new LockOwner("holder", new Culprit("com.acme.Prices", "save", "Prices.java", 7), false);
		LockOwner holding = new LockOwner("holder", new Culprit("com.acme.Prices", "write", "Prices.java", 9), false);
		LockOwner released = new LockOwner("holder", new Culprit("java.lang.System", "arraycopy", "System.java", null),
				false);
		StallScenario stall = new StallScenario().sample(StallCause.LOCK, 20, 0, 0, 0, entering, COMPUTE)
			.sample(StallCause.LOCK, 50, 0, 0, 0, holding, COMPUTE)
			.sample(StallCause.LOCK, 50, 0, 0, 0, holding, COMPUTE)
			.sample(StallCause.LOCK, 70, 0, 0, 0, released, COMPUTE);
		assertThat(stall.diagnose().lockOwner()).isEqualTo(holding);
	}

	@Test
	void entryShouldBeTheOutermostFrameOfTheApplicationAroundTheCulprit() {
		StallScenario first = new StallScenario().running(150, 150, "com.acme.Retry.pause:9",
				"java.util.List.forEach:1", "com.acme.Orders.show:12", LOOP);
		StallScenario second = new StallScenario().running(150, 150, "com.acme.Retry.pause:9",
				"reactor.core.publisher.MonoMap.onNext:1", "com.acme.Users.list:5", LOOP);
		assertThat(first.culprit()).isEqualTo(second.culprit());
		assertThat(first.entry()).hasToString("com.acme.Orders.show(Orders.java:12)");
		assertThat(second.entry()).hasToString("com.acme.Users.list(Users.java:5)");
		assertThat(new StallScenario().running(150, 150, "com.lib.Wire.read:1", LOOP).entry()).isNull();
	}

	@Test
	void whenEntriesDifferShouldNameTheOneWithMostTime() {
		StallScenario stall = new StallScenario()
			.running(40, 40, "com.acme.Retry.pause:9", "com.acme.Users.list:5", LOOP)
			.running(150, 150, "com.acme.Retry.pause:9", "com.acme.Orders.show:12", LOOP);
		assertThat(stall.entry()).hasToString("com.acme.Orders.show(Orders.java:12)");
	}

	@Test
	void whenThereIsNoApplicationFrameShouldNameWhatFrameworkWasDoing() {
		String lookup = "org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping.lookupRoute:155";
		StallScenario stall = new StallScenario()
			.running(60, 60, "java.util.regex.Pattern.matcher:1", "org.springframework.util.PathMatcher.match:7",
					lookup, "reactor.core.publisher.FluxConcatMap.drain:4", LOOP)
			.running(60, 60, "java.util.ArrayList.add:1", lookup, "reactor.core.publisher.FluxConcatMap.drain:4", LOOP);
		assertThat(stall.culprit()).isNull();
		assertThat(stall.doing()).hasToString(
				"org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping.lookupRoute(RoutePredicateHandlerMapping.java:155)");
	}

	@Test
	void whenThereAreOnlyJdkFramesShouldNameWhatJdkWasDoing() {
		StallScenario stall = new StallScenario().running(150, 150, "java.util.zip.Deflater.deflate:1",
				"java.lang.Thread.run:1");
		assertThat(stall.doing()).hasToString("java.util.zip.Deflater.deflate(Deflater.java:1)");
	}

	@Test
	void starvationShouldHaveAReason() {
		assertThat(StarvedBy.of(new ProcessUsage(nanos(20), nanos(80), 0, 0), nanos(100), 2)).isEqualTo("CPU limit");
		assertThat(StarvedBy.of(new ProcessUsage(nanos(190), 0, 0, 0), nanos(100), 2))
			.isEqualTo("other threads of this process");
		assertThat(StarvedBy.of(new ProcessUsage(nanos(20), 0, 0, 0), nanos(100), 2)).isEqualTo("other processes");
		assertThat(StarvedBy.of(new ProcessUsage(nanos(20), -1, 0, 0), nanos(100), 2)).isEqualTo("other processes");
		assertThat(StarvedBy.of(ProcessUsage.NOTHING, nanos(100), 2)).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "nr_periods 7\\nnr_throttled 3\\nthrottled_time 12345 | 12345",
					"usage_usec 99\\nnr_throttled 3\\nthrottled_usec 12\\nburst_usec 0 | 12000", "usage_usec 99 | -1",
					"throttled_usec many | -1" })
	void shouldParseThrottledTimeOfProcess(String stat, long nanos) {
		assertThat(ProcessUsage.parse(stat.replace("\\n", "\n"))).isEqualTo(nanos);
	}

	@ParameterizedTest
	@CsvSource({ "0::/system.slice/app, /system.slice/app", "'4:cpu,cpuacct:/pod', /pod", "4:memory:/pod,",
			"1:cpu:/, /", "2:cpuset:/pod," })
	void shouldFindTheControlGroupThatLimitsCpu(String line, String path) {
		assertThat(ProcessUsage.pathOf(line)).isEqualTo(path);
	}

	@ParameterizedTest
	@CsvSource({ "100 139066 7, 139066", "'', -1", "1 2, -1", "a b c, -1" })
	void shouldParseQueuedTimeOfThread(String schedstat, long nanos) {
		assertThat(ThreadUsage.parse(schedstat + "\n")).isEqualTo(nanos);
	}

	@ParameterizedTest
	@ValueSource(strings = { "sun.security.ssl.SSLEngineImpl$DelegatedTask.run:1264",
			"sun.security.ssl.HandshakeContext.dispatch:476", "io.netty.handler.ssl.SslHandler.runDelegatedTasks:1700",
			"io.netty.handler.ssl.ReferenceCountedOpenSslEngine.handshake:1868",
			"io.netty.internal.tcnative.SSL.doHandshake:-2" })
	void manyTlsHandshakesShouldNotBeAFlood(String handshake) {
		StallScenario stall = new StallScenario().events(39);
		for (int i = 0; i < 10; i++) {
			stall.running(20, 20, "sun.security.util.math.intpoly.IntegerPolynomialP256.mult:" + (i + 1), handshake,
					"io.netty.handler.ssl.SslHandler.unwrap:1290", LOOP);
		}
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.doing().className()).startsWith("io.netty.");
		assertThat(stall.tasksStarted(40, true).diagnose().cause()).isEqualTo(StallCause.COMPUTING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.netty.handler.codec.ByteToMessageDecoder.channelRead:1",
			"sun.security.ssl.SSLEngineInputRecord.decode:1", "io.netty.handler.ssl.SslHandler.unwrap:1290" })
	void manyShortEventsShouldBeAFlood(String frame) {
		StallScenario stall = new StallScenario().running(150, 150, frame, LOOP);
		assertThat(stall.events(15).diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.events(39).diagnose().cause()).isEqualTo(StallCause.FLOOD);
	}

	@ParameterizedTest
	@CsvSource({ "1, 200, 190, true", "1, 16, 110, true", "2, 200, 190, false", "40, 200, 190, false",
			"1, 200, 40, false", "0, 200, 0, false" })
	void whenManyRequestsCameFromOneReadyChannelShouldBeOneConnection(long events, long tasksStarted, long io,
			boolean one) {
		StallScenario stall = new StallScenario().queued(200, 200, 0, LOOP)
			.events(events)
			.tasksStarted(tasksStarted, true)
			.io(io);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.FLOOD);
		assertThat(stall.diagnose().isOfOneConnection()).isEqualTo(one);
	}

	@ParameterizedTest
	@CsvSource({ "reactor.netty.http.server.WebsocketServerOperations.onInboundNext:162, 1, 190, FLOOD, true",
			"reactor.netty.http.client.WebsocketClientOperations.onInboundNext:128, 1, 101, FLOOD, true",
			"io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder.decode:118, 1, 190, FLOOD, true",
			"io.netty.handler.codec.http.websocketx.extensions.compression.DeflateDecoder.decode:97, 1, 190, FLOOD, true",
			"reactor.netty.http.server.WebsocketServerOperations.onInboundNext:162, 2, 190, COMPUTING, false",
			"reactor.netty.http.server.WebsocketServerOperations.onInboundNext:162, 1, 90, COMPUTING, false",
			"reactor.netty.http.server.WebsocketServerOperations.onInboundNext:162, 0, 0, COMPUTING, false",
			"reactor.netty.http.server.WebsocketServerOperations.sendCloseNow:201, 1, 190, COMPUTING, false",
			"reactor.netty.http.server.HttpServerOperations.onInboundNext:701, 1, 190, COMPUTING, false",
			"io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker.handshake:212, 1, 190, COMPUTING, false" })
	void whenMessagesOfAWebSocketKeepOneChannelBusyShouldBeOneConnection(String frame, long events, long io,
			StallCause cause, boolean one) {
		StallScenario stall = new StallScenario().queued(110, 110, 0, frame, LOOP)
			.queued(90, 90, 0, "io.netty.channel.epoll.EpollSocketChannel.doReadBytes:1", LOOP)
			.events(events)
			.io(io);
		assertThat(stall.diagnose().cause()).isEqualTo(cause);
		assertThat(stall.diagnose().isOfOneConnection()).isEqualTo(one);
	}

	@ParameterizedTest
	@CsvSource({ "120, 80, true", "101, 99, true", "99, 101, false" })
	void whenOneLineHandlesMostMessagesShouldNameIt(long receiving, long other, boolean one) {
		StallScenario stall = new StallScenario()
			.queued(receiving, receiving, 0, COMPUTE,
					"reactor.netty.http.server.WebsocketServerOperations.onInboundNext:162", LOOP)
			.queued(other, other, 0, COMPUTE, LOOP)
			.events(1)
			.io(190);
		assertThat(stall.diagnose().cause()).isEqualTo(StallCause.COMPUTING);
		assertThat(stall.culprit()).hasToString("com.acme.Prices.sum(Prices.java:42)");
		assertThat(stall.diagnose().isOfOneConnection()).isEqualTo(one);
	}

	@ParameterizedTest
	@EnumSource(names = { "SLEEPING", "WAITING", "LOCK", "BLOCKING_IO" })
	void whenMessageHandlerWaitsShouldNotBeOneConnection(StallCause cause) {
		StallScenario stall = new StallScenario()
			.waiting(cause, 200, SLEEP, "reactor.netty.http.server.WebsocketServerOperations.onInboundNext:162", LOOP)
			.events(1)
			.io(190);
		assertThat(stall.diagnose().cause()).isEqualTo(cause);
		assertThat(stall.diagnose().isOfOneConnection()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "1200, 100, 380, true, true", "800, 0, 380, true, true", "0, 400, 380, false, true",
			"400, 300, 380, false, true", "0, 400, 380, true, false", "400, 300, 380, true, false",
			"0, 10, 380, false, false", "200, 0, 380, false, false" })
	void whenJvmLoadedAndCompiledForMostOfTheStallShouldBeWarmUp(long classes, long compilation, long length,
			boolean lineKnown, boolean expected) {
		ProcessUsage usage = new ProcessUsage(0, 0, classes, nanos(compilation));
		assertThat(WarmUp.explains(usage, nanos(length), lineKnown)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "java.lang.ClassLoader.defineClass1:-2, true", "java.lang.ClassLoader.loadClass:525, true",
			"com.acme.Prices.<clinit>:3, true", "com.acme.Prices.load:3, false", "java.lang.Class.getName:3, false" })
	void shouldRecognizeThreadsThatLoadClasses(String frame, boolean expected) {
		StackTraceElement[] stack = { StallScenario.frame(frame), StallScenario.frame(LOOP) };
		assertThat(ClassLoading.isIn(stack)).isEqualTo(expected);
	}

	private static long nanos(long millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

}
