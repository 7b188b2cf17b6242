package io.github.eventloop.health;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Evidence}.
 */
class EvidenceTests {

	@Test
	void shouldCarryTheFiguresOfTheSecond() {
		Evidence evidence = Evidence.of(TestSecond.at(7).lag(Duration.ofMillis(40)).utilization(0.4).build(),
				StartupState.READY, List.of());
		assertThat(evidence.at()).isEqualTo(Duration.ofSeconds(7));
		assertThat(evidence.started()).isTrue();
		assertThat(evidence.lag().p99Nanos()).isEqualTo(40_000_000);
		assertThat(evidence.windowLag().p99Nanos()).isEqualTo(40_000_000);
		assertThat(evidence.window()).isEqualTo(Duration.ofSeconds(10));
		assertThat(evidence.utilization()).isEqualTo(0.4);
		assertThat(evidence.busyLoops()).isEmpty();
	}

	@Test
	void whenNoThreadHasStartedShouldNotBeStarted() {
		Evidence evidence = Evidence.of(
				TestSecond.at(7).loop("reactor-http-1", LoopState.NOT_STARTED, Duration.ZERO).build(),
				StartupState.READY, List.of());
		assertThat(evidence.started()).isFalse();
	}

	@Test
	void shouldNameTheBusyLoopsTheLongestFirst() {
		Evidence evidence = Evidence.of(TestSecond.at(7)
			.loop("one", LoopState.BUSY, Duration.ofMillis(20))
			.loop("two", LoopState.STALLED, Duration.ofMillis(2000))
			.loop("three", LoopState.STALLED, Duration.ofMillis(1000))
			.build(), StartupState.READY, List.of());
		assertThat(evidence.busyLoops()).extracting(BusyLoop::name).containsExactly("two", "three", "one");
		assertThat(evidence.busyLoops()).extracting((loop) -> loop.busyFor().toMillis())
			.containsExactly(2000L, 1000L, 20L);
	}

	@Test
	void loopOfTheManagementPortShouldNotCount() {
		Evidence evidence = Evidence.of(TestSecond.at(7)
			.loop("one", LoopState.STALLED, Duration.ofSeconds(9), LoopRole.MANAGEMENT, null)
			.build(), StartupState.READY, List.of());
		assertThat(evidence.started()).isFalse();
		assertThat(evidence.busyLoops()).isEmpty();
	}

	@Test
	void whenTheProcessStoodStillShouldNotCallTheLoopBusyMeanwhile() {
		Evidence evidence = Evidence.of(TestSecond.at(7)
			.pause(Duration.ofMillis(2400))
			.loop("one", LoopState.STALLED, Duration.ofMillis(2500))
			.build(), StartupState.READY, List.of());
		assertThat(evidence.busyLoops().get(0).busyFor()).hasMillis(100);
	}

	@Test
	void shouldCarryHowFarTheStartHasCome() {
		Evidence evidence = Evidence.of(TestSecond.at(7)
			.loop("one", LoopState.STALLED, Duration.ofMillis(2500))
			.loop("two", LoopState.STALLED, Duration.ofMillis(2000))
			.loop("three", LoopState.BUSY, Duration.ofMillis(20))
			.build(), new TestStartup(() -> false, "one"), List.of());
		assertThat(evidence.ready()).isFalse();
		assertThat(evidence.busyLoops()).extracting(BusyLoop::excuse)
			.containsExactly("while it loads classes", null, null);
	}

	@Test
	void shouldTellSignalsApart() {
		Evidence evidence = Evidence.of(TestSecond.at(7).build(), StartupState.READY,
				List.of(new Judgement(EventLoopStatus.DEGRADED, "one"), new Judgement(EventLoopStatus.STUCK, "two"),
						new Judgement(EventLoopStatus.DEGRADED, "three")));
		assertThat(evidence.isSignalled(EventLoopStatus.STUCK)).isTrue();
		assertThat(evidence.isSignalled(EventLoopStatus.OVERLOADED)).isFalse();
		assertThat(evidence.signalled(EventLoopStatus.DEGRADED)).containsExactly("one", "three");
	}

}
