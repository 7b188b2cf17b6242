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
		second(400, 40);
		assertThat(this.judgement).hasValue(new Judgement(EventLoopStatus.OVERLOADED, "40 of 400 requests were shed"));
	}

	@Test
	void whenFewAreShedShouldReturnNull() {
		second(400, 39);
		assertThat(this.judgement).hasNullValue();
	}

	@Test
	void whenAllOfFewRequestsAreShedShouldReturnNull() {
		second(9, 9);
		assertThat(this.judgement).hasNullValue();
	}

	@Test
	void whenNoneAreShedShouldReturnNull() {
		second(0, 0);
		assertThat(this.judgement).hasNullValue();
	}

	@Test
	void shouldCountEachSecondByItself() {
		second(100, 100);
		second(100, 0);
		assertThat(this.judgement).hasNullValue();
		second(100, 50);
		assertThat(this.judgement).hasValue(new Judgement(EventLoopStatus.OVERLOADED, "50 of 100 requests were shed"));
	}

	@Test
	void shouldIgnoreLoopsOfTheManagementPort() {
		ManualLoop management = this.time.addLoop("management", "management-1").start().in(LoopRole.MANAGEMENT);
		for (int i = 0; i < 1000; i++) {
			management.recorder().requestStarted();
		}
		second(100, 20);
		assertThat(this.judgement).hasValue(new Judgement(EventLoopStatus.OVERLOADED, "20 of 100 requests were shed"));
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
