package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallDetector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tests of all drivers share: a context that monitors, and assertions about the
 * loops of a driver.
 */
final class DriverContext {

	static final Duration LIMIT = Duration.ofSeconds(60);

	/** Long enough to be a stall, wherever its sleep is scheduled. */
	private static final long SLEEP_MILLIS = 250;

	/** How many nanoseconds each {@link #block()} took. Written by event loops. */
	private static final List<Long> BLOCKED = new CopyOnWriteArrayList<>();

	private DriverContext() {
	}

	static ApplicationContextRunner runner(Class<?>... configurations) {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EventLoopAutoConfiguration.class, EventLoopDriversAutoConfiguration.class))
			.withConfiguration(AutoConfigurations.of(configurations))
			.withPropertyValues("eventloop.stall.application-packages=" + DriverContext.class.getPackageName());
	}

	/** Block the calling thread. */
	static void block() {
		long start = System.nanoTime();
		try {
			TimeUnit.MILLISECONDS.sleep(SLEEP_MILLIS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		BLOCKED.add(System.nanoTime() - start);
	}

	static List<LoopSnapshot> loops(ApplicationContext context, String group) {
		return context.getBean(EventLoopMonitor.class)
			.snapshot()
			.loops()
			.stream()
			.filter((loop) -> loop.group().equals(group))
			.toList();
	}

	static List<LoopSnapshot> startedLoops(ApplicationContext context, String group) {
		return loops(context, group).stream().filter((loop) -> loop.state() != LoopState.NOT_STARTED).toList();
	}

	/**
	 * Assert that the loops of a group are measured exactly, as those of a driver.
	 */
	static void assertMeasuredExactly(ApplicationContext context, String group, String component, LoopRole role) {
		assertThat(startedLoops(context, group)).isNotEmpty().allSatisfy((loop) -> {
			assertThat(loop.approximate()).isFalse();
			assertThat(loop.component()).isEqualTo(component);
			assertThat(loop.counted()).isFalse();
			assertThat(loop.roles()).contains(LoopRole.DRIVER).isSubsetOf(LoopRole.DRIVER, role);
			assertThat(loop.totals().iterations()).isPositive();
		}).anySatisfy((loop) -> assertThat(loop.roles()).contains(role));
	}

	/**
	 * Call a driver whose callback calls {@link #block()}, and assert that it is reported
	 * as a stall of its length, with its line. If the loop had no CPU meanwhile, or had
	 * to load classes, its cause is another one, so the call is repeated.
	 * @param call the call
	 */
	static Stall awaitStall(ApplicationContext context, String group, Callable<?> call) {
		BLOCKED.clear();
		Stall stall = Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(500)).until(() -> {
			call.call();
			return context.getBean(StallDetector.class)
				.stalls()
				.stream()
				.filter((each) -> each.group().equals(group) && !each.inProgress()
						&& each.cause() == StallCause.SLEEPING)
				.findFirst()
				.orElse(null);
		}, Objects::nonNull);
		assertThat(stall.code().culprit()).isNotNull();
		assertThat(stall.code().culprit().className()).isEqualTo(DriverContext.class.getName());
		assertThat(stall.code().culprit().methodName()).isEqualTo("block");
		// The rest of the iteration is short, but may include the loading of classes.
		assertThat(BLOCKED)
			.anyMatch((blocked) -> stall.duration().toNanos() >= blocked && stall.duration().toNanos() < 2 * blocked);
		return stall;
	}

	/** Return the names of the live threads with a prefix, with 'n' for the pool. */
	static List<String> threads(String prefix) {
		return liveThreads(prefix).map((thread) -> thread.getName().replaceFirst("-\\d+-(\\d+)$", "-n-$1"))
			.sorted()
			.toList();
	}

	static void awaitNoThreads(String prefix) {
		Awaitility.await().atMost(LIMIT).until(() -> liveThreads(prefix).findAny().isEmpty());
	}

	private static Stream<Thread> liveThreads(String prefix) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().startsWith(prefix));
	}

	static int groups(ApplicationContext context) {
		return context.getBean(DriverLoops.class).loops().size();
	}

}
