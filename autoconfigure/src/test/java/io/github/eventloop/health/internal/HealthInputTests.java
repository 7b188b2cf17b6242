package io.github.eventloop.health.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.StartupState;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HealthInput}.
 */
class HealthInputTests {

	@Test
	void shouldContainTheFiguresOfTheSecond() {
		HealthInput input = HealthInput.of(TestSecond.at(7).lag(Duration.ofMillis(40)).utilization(0.4).build(),
				StartupState.READY, List.of());
		assertThat(input.at()).isEqualTo(Duration.ofSeconds(7));
		assertThat(input.started()).isTrue();
		assertThat(input.lag().p99Nanos()).isEqualTo(40_000_000);
		assertThat(input.windowLag().p99Nanos()).isEqualTo(40_000_000);
		assertThat(input.window()).isEqualTo(Duration.ofSeconds(10));
		assertThat(input.utilization()).isEqualTo(0.4);
		assertThat(input.busyLoops()).isEmpty();
	}

	@Test
	void whenNoThreadHasStartedShouldNotBeStarted() {
		HealthInput input = HealthInput.of(
				TestSecond.at(7).loop("reactor-http-1", LoopState.NOT_STARTED, Duration.ZERO).build(),
				StartupState.READY, List.of());
		assertThat(input.started()).isFalse();
	}

	@Test
	void shouldContainTheBusyLoopsLongestFirst() {
		HealthInput input = HealthInput.of(TestSecond.at(7)
			.loop("one", LoopState.BUSY, Duration.ofMillis(20))
			.loop("two", LoopState.STALLED, Duration.ofMillis(2000))
			.loop("three", LoopState.STALLED, Duration.ofMillis(1000))
			.build(), StartupState.READY, List.of());
		assertThat(input.busyLoops()).extracting(BusyLoop::name).containsExactly("two", "three", "one");
		assertThat(input.busyLoops()).extracting((loop) -> loop.busyFor().toMillis())
			.containsExactly(2000L, 1000L, 20L);
	}

	@Test
	void loopOfTheManagementPortShouldNotCount() {
		HealthInput input = HealthInput.of(TestSecond.at(7)
			.loop("one", LoopState.STALLED, Duration.ofSeconds(9), LoopRole.MANAGEMENT, null)
			.build(), StartupState.READY, List.of());
		assertThat(input.started()).isFalse();
		assertThat(input.busyLoops()).isEmpty();
	}

	@Test
	void whenTheProcessPausesShouldNotCountThePauseAsBusy() {
		HealthInput input = HealthInput.of(TestSecond.at(7)
			.pause(Duration.ofMillis(2400))
			.loop("one", LoopState.STALLED, Duration.ofMillis(2500))
			.build(), StartupState.READY, List.of());
		assertThat(input.busyLoops().get(0).busyFor()).hasMillis(100);
	}

	@Test
	void shouldContainTheRequestsOfEachSecond() {
		ManualMonitor time = new ManualMonitor();
		ManualLoop one = time.addLoop("reactor-http", "one").start();
		ManualLoop two = time.addLoop("reactor-http", "two").start();
		ManualLoop management = time.addLoop("management", "three").start().in(LoopRole.MANAGEMENT);
		List<Long> requests = new ArrayList<>();
		time.monitor().addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				requests.add(HealthInput.of(second, StartupState.READY, List.of()).requests());
			}

		});
		one.recorder().requestStarted();
		two.recorder().requestStarted();
		two.recorder().requestEnded();
		management.recorder().requestStarted();
		time.endSecond();
		two.recorder().requestStarted();
		time.endSecond();
		time.endSecond();
		assertThat(requests).containsExactly(2L, 1L, 0L);
	}

	@Test
	void shouldContainTheStateOfTheStartup() {
		HealthInput input = HealthInput.of(TestSecond.at(7)
			.loop("one", LoopState.STALLED, Duration.ofMillis(2500))
			.loop("two", LoopState.STALLED, Duration.ofMillis(2000))
			.loop("three", LoopState.BUSY, Duration.ofMillis(20))
			.build(), new TestStartup(() -> false, "one"), List.of());
		assertThat(input.ready()).isFalse();
		assertThat(input.busyLoops()).extracting(BusyLoop::slowStartReason)
			.containsExactly("while it loads classes", null, null);
	}

	@Test
	void shouldDistinguishSignalsByStatus() {
		HealthInput input = HealthInput.of(TestSecond.at(7).build(), StartupState.READY,
				List.of(new Judgement(EventLoopStatus.DEGRADED, "one"), new Judgement(EventLoopStatus.STUCK, "two"),
						new Judgement(EventLoopStatus.DEGRADED, "three")));
		assertThat(input.isSignalled(EventLoopStatus.STUCK)).isTrue();
		assertThat(input.isSignalled(EventLoopStatus.OVERLOADED)).isFalse();
		assertThat(input.signalled(EventLoopStatus.DEGRADED)).containsExactly("one", "three");
	}

}
