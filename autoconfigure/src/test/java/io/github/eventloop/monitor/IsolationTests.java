package io.github.eventloop.monitor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.monitor.internal.thread.Isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that loops, sources and listeners of an {@link EventLoopMonitor} that fail do not
 * affect the others.
 */
class IsolationTests {

	private final ManualMonitor time = new ManualMonitor();

	private final EventLoopMonitor monitor = this.time.monitor();

	private final List<EventLoopSecond> seconds = new ArrayList<>();

	@AfterEach
	void close() {
		this.monitor.close();
	}

	static Stream<Arguments> failures() {
		List<Throwable> failures = List.of(new IllegalStateException("expected by the test"),
				new NoSuchMethodError("expected by the test"), new StackOverflowError("expected by the test"));
		return Arrays.stream(MonitoredLoop.class.getMethods())
			.map(Method::getName)
			.filter((method) -> !method.equals("execute"))
			.distinct()
			.flatMap((method) -> failures.stream().map((failure) -> Arguments.of(method, failure)));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void whenLoopFailsShouldReportAllOthers(String method, Throwable failure) {
		ManualLoop broken = this.time.addLoop("group", "broken").start().carrying(3);
		AtomicBoolean fails = new AtomicBoolean();
		EventLoopMonitor monitor = another();
		monitor.addSource(() -> List.of(failing(broken, method, failure, fails)));
		ManualLoop healthy = this.time.addLoop("group", "healthy").start().carrying(3);
		monitor.addSource(() -> List.of(healthy));
		for (int second = 0; second < 4; second++) {
			fails.set(second > 0);
			healthy.iteration(Duration.ofMillis(300));
			this.time.pass(Duration.ofMillis(700));
			monitor.poll();
			monitor.endSecond();
		}
		assertThat(this.seconds).hasSize(4).allSatisfy((second) -> {
			assertThat(second.loops()).hasSize(2);
			assertThat(second.loops().get(1).utilization()).isEqualTo(0.3);
		});
		assertThat(monitor.snapshot().loops()).extracting(LoopSnapshot::name).containsExactly("broken", "healthy");
		assertThat(monitor.snapshot().loops().get(0).load().channels()).as("as before").isEqualTo(3);
		assertThat(monitor.loop("healthy")).containsSame(healthy);
		assertThat(monitor.history().loops()).allSatisfy((loop) -> assertThat(loop.utilization()).hasSize(4));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void whenLoopFailsFromTheStartShouldReportAllOthers(String method, Throwable failure) {
		EventLoopMonitor monitor = another();
		ManualLoop broken = this.time.addLoop("group", "broken").start();
		ManualLoop healthy = this.time.addLoop("group", "healthy").start();
		monitor.addSource(() -> List.of(failing(broken, method, failure, new AtomicBoolean(true)), healthy));
		monitor.poll();
		monitor.endSecond();
		assertThat(this.seconds).singleElement()
			.satisfies((second) -> assertThat(second.snapshot().loops()).extracting(LoopSnapshot::name)
				.contains("healthy"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "loops", "isExhausted" })
	void whenSourceFailsShouldKeepItsLoopsAndReportOthers(String method) {
		EventLoopMonitor monitor = another();
		AtomicBoolean fails = new AtomicBoolean();
		ManualLoop first = this.time.addLoop("group", "first").start();
		ManualLoop second = this.time.addLoop("group", "second").start();
		LoopSource source = () -> List.of(first);
		monitor.addSource(proxy(LoopSource.class, source, method, new LinkageError("expected by the test"), fails));
		monitor.addSource(() -> List.of(second));
		monitor.endSecond();
		fails.set(true);
		monitor.poll();
		monitor.endSecond();
		assertThat(this.seconds).hasSize(2);
		assertThat(monitor.snapshot().loops()).extracting(LoopSnapshot::name).containsExactly("first", "second");
	}

	/** As if the stack overflowed, at each of the instants at which a loop is read. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6 })
	void whenSecondFailsHalfwayShouldStoreNothingOfIt(int failingRead) {
		EventLoopMonitor monitor = another();
		AtomicInteger readsLeft = new AtomicInteger(Integer.MAX_VALUE);
		LongSupplier clock = () -> {
			if (readsLeft.decrementAndGet() == 0) {
				throw new StackOverflowError("expected by the test");
			}
			return this.time.now();
		};
		ManualLoop first = this.time.addLoop("group", "first").start();
		ManualLoop second = new ManualLoop(this.time, "group", "second", new LoopRecorder(clock)).start();
		monitor.addSource(() -> List.of(first, second));
		monitor.endSecond();
		iterate(first, second, 300);
		readsLeft.set(failingRead);
		try {
			monitor.endSecond();
		}
		catch (StackOverflowError ex) {
			// The monitor thread catches it as well.
		}
		readsLeft.set(Integer.MAX_VALUE);
		iterate(first, second, 600);
		monitor.endSecond();
		EventLoopHistory history = monitor.history();
		assertThat(history.loops()).hasSize(2)
			.allSatisfy((loop) -> assertThat(loop.utilization()).isEqualTo(history.utilization()));
		LoopSnapshot[] loops = monitor.snapshot().loops().toArray(LoopSnapshot[]::new);
		assertThat(loops[0].utilization()).isEqualTo(loops[1].utilization());
		assertThat(loops[0].lag()).isEqualTo(loops[1].lag());
		EventLoopSecond last = this.seconds.get(this.seconds.size() - 1);
		assertThat(last.loops().get(0).utilization()).isEqualTo(last.loops().get(1).utilization());
		assertThat(last.loops().get(0).arrivals()).isEqualTo(last.loops().get(1).arrivals());
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MIN_VALUE, -1, 0, 1, 999_999 })
	void whenPollerRequestsImmediateCallShouldStillSleep(long nanos) {
		this.monitor.addListener((LoopPoller) (now) -> nanos);
		assertThat(this.monitor.poll()).isEqualTo(1_000_000);
	}

	@Test
	void whenActionFailsForSomeShouldContinueAndReportTheFirst() {
		List<Integer> done = new ArrayList<>();
		assertThatIllegalStateException().isThrownBy(() -> Isolated.forEach(List.of(1, 2, 3, 4), (number) -> {
			done.add(number);
			if (number > 1) {
				throw new LinkageError("expected by the test: " + number);
			}
		}))
			.withMessageContaining("3 of the elements")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(2))
			.havingCause()
			.withMessageContaining("test: 2");
		assertThat(done).containsExactly(1, 2, 3, 4);
	}

	private void iterate(ManualLoop first, ManualLoop second, int millis) {
		first.busy();
		second.busy();
		this.time.pass(Duration.ofMillis(millis));
		first.idle();
		second.idle();
		this.time.pass(Duration.ofMillis(1000 - millis));
	}

	private EventLoopMonitor another() {
		EventLoopMonitor another = new EventLoopMonitor(MonitorSettings.DEFAULT, this.time::now,
				(ports) -> this.time.connectionsWaiting);
		another.addListener(new EventLoopListener() {

			@Override
			public void onSecond(EventLoopSecond second) {
				IsolationTests.this.seconds.add(second);
			}

		});
		return another;
	}

	private final List<MonitoredLoop> proxies = new ArrayList<>();

	/** Return the same proxy each time, because loops are compared by identity. */
	private MonitoredLoop failing(MonitoredLoop loop, String method, Throwable failure, AtomicBoolean fails) {
		if (this.proxies.isEmpty()) {
			this.proxies.add(proxy(MonitoredLoop.class, loop, method, failure, fails));
		}
		return this.proxies.get(0);
	}

	private static <T> T proxy(Class<T> type, T target, String method, Throwable failure, AtomicBoolean fails) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, called, arguments) -> call(target, called, arguments, method, failure, fails)));
	}

	private static @Nullable Object call(Object target, Method called, Object @Nullable [] arguments, String method,
			Throwable failure, AtomicBoolean fails) throws Throwable {
		if (fails.get() && called.getName().equals(method)) {
			throw failure;
		}
		try {
			return called.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}
