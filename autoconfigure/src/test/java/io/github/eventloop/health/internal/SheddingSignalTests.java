package io.github.eventloop.health.internal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SheddingSignal}.
 */
class SheddingSignalTests {

	private final ManualMonitor time = new ManualMonitor();

	private final ManualLoop loop = this.time.addLoop("reactor-http", "reactor-http-1").start();

	private final AtomicLong shed = new AtomicLong();

	private final SheddingSignal signal = new SheddingSignal(this.shed::get);

	private final AtomicReference<@Nullable Judgement> judgement = new AtomicReference<>();

	@BeforeEach
	void listen() {
		this.time.monitor().addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				SheddingSignalTests.this.judgement.set(SheddingSignalTests.this.signal.judge(second));
			}

		});
	}

	@Test
	void whenATenthIsShedShouldBeOverloaded() {
		second(40, 4);
		assertThat(this.judgement).hasValue(new Judgement(EventLoopStatus.OVERLOADED, "4 of 40 requests were shed"));
	}

	@Test
	void whenFewAreShedShouldReturnNull() {
		second(40, 3);
		assertThat(this.judgement).hasNullValue();
	}

	@Test
	void whenNoneAreShedShouldReturnNull() {
		second(0, 0);
		assertThat(this.judgement).hasNullValue();
	}

	@Test
	void shouldCountEachSecondByItself() {
		second(10, 10);
		second(10, 0);
		assertThat(this.judgement).hasNullValue();
		second(10, 5);
		assertThat(this.judgement).hasValue(new Judgement(EventLoopStatus.OVERLOADED, "5 of 10 requests were shed"));
	}

	@Test
	void shouldIgnoreLoopsOfTheManagementPort() {
		ManualLoop management = this.time.addLoop("management", "management-1").start().in(LoopRole.MANAGEMENT);
		for (int i = 0; i < 100; i++) {
			management.recorder().requestStarted();
		}
		second(10, 2);
		assertThat(this.judgement).hasValue(new Judgement(EventLoopStatus.OVERLOADED, "2 of 10 requests were shed"));
	}

	private void second(int requests, int shed) {
		for (int i = 0; i < requests; i++) {
			this.loop.recorder().requestStarted();
			this.loop.recorder().requestEnded();
		}
		this.shed.addAndGet(shed);
		this.time.endSecond();
	}

}
