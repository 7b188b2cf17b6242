package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.StackReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockingCalls}.
 */
@ExtendWith(OutputCaptureExtension.class)
class BlockingCallsTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final StackTraceElement SLEEP = new StackTraceElement("java.lang.Thread", "sleep", "Thread.java",
			-2);

	private static final StackTraceElement HANDLER = new StackTraceElement("reactor.core.publisher.Mono", "subscribe",
			"Mono.java", 7);

	private final BlockingCalls calls = new BlockingCalls(new StackReader(List.of("com.acme")));

	@Test
	void withoutCallsShouldBeEmpty() {
		assertThat(this.calls.list()).isEmpty();
	}

	@Test
	void callsOfOneKindAndLineShouldBeOneGroup() {
		add(BlockingKind.SLEEP, 5, 1, SLEEP, line(1), HANDLER);
		add(BlockingKind.SLEEP, 9, 2, line(1), HANDLER, HANDLER);
		add(BlockingKind.SLEEP, 7, 3, SLEEP, line(1));
		assertThat(this.calls.list()).containsExactly(
				new BlockingHotspot(BlockingKind.SLEEP, new Culprit("com.acme.Prices", "load", "Prices.java", 1), 3,
						Duration.ofMillis(21), Duration.ofMillis(9), START.plusSeconds(3), "loop-3",
						List.of("com.acme.Prices.load(Prices.java:1)", "... 2 framework frames")));
	}

	@Test
	void callsOfOtherKindsAndLinesShouldBeOtherGroups() {
		add(BlockingKind.SLEEP, 1, 1, line(1));
		add(BlockingKind.PARK, 1, 1, line(1));
		add(BlockingKind.SLEEP, 1, 1, line(2));
		add(BlockingKind.SLEEP, 1, 1, HANDLER);
		add(BlockingKind.SLEEP, 1, 1);
		assertThat(this.calls.list()).extracting(BlockingHotspot::count).containsExactlyInAnyOrder(1L, 1L, 1L, 2L);
		assertThat(this.calls.list()).filteredOn((hotspot) -> hotspot.culprit() == null)
			.singleElement()
			.extracting(BlockingHotspot::count)
			.isEqualTo(2L);
	}

	@Test
	void lateReportShouldNotReplaceNewerCall() {
		add(BlockingKind.SLEEP, 5, 9, line(1));
		add(BlockingKind.SLEEP, 5, 4, line(1));
		assertThat(this.calls.list()).singleElement().satisfies((hotspot) -> {
			assertThat(hotspot.lastSeenAt()).isEqualTo(START.plusSeconds(9));
			assertThat(hotspot.lastLoop()).isEqualTo("loop-9");
		});
	}

	@Test
	void groupsShouldBeInOrderOfTimeThenCount() {
		add(BlockingKind.SLEEP, 5, 1, line(1));
		add(BlockingKind.SLEEP, 6, 1, line(2));
		add(BlockingKind.SLEEP, 2, 1, line(3));
		add(BlockingKind.SLEEP, 3, 1, line(3));
		assertThat(this.calls.list()).extracting((hotspot) -> hotspot.culprit().lineNumber()).containsExactly(2, 3, 1);
	}

	@Test
	void whenThereAreTooManyGroupsShouldEvictLeastRecentlySeen() {
		for (int i = 1; i <= 200; i++) {
			add(BlockingKind.SLEEP, 1, 1, line(i));
		}
		add(BlockingKind.SLEEP, 1, 1, line(1));
		for (int i = 201; i <= 1000; i++) {
			add(BlockingKind.SLEEP, 1, 1, line(i));
			add(BlockingKind.SLEEP, 1, 1, line(1));
		}
		assertThat(this.calls.list()).hasSize(200)
			.extracting((hotspot) -> hotspot.culprit().lineNumber())
			.contains(1, 1000)
			.doesNotContain(2, 201);
	}

	@Test
	void clearShouldRemoveAll() {
		add(BlockingKind.SLEEP, 1, 1, line(1));
		this.calls.clear();
		assertThat(this.calls.list()).isEmpty();
		add(BlockingKind.SLEEP, 1, 1, line(1));
		assertThat(this.calls.list()).singleElement().extracting(BlockingHotspot::count).isEqualTo(1L);
	}

	@Test
	void listenersShouldBeNotifiedOfEachCall() {
		List<BlockingCall> received = new ArrayList<>();
		this.calls.addListener((call) -> {
			throw new IllegalStateException("Thrown on purpose");
		});
		BlockingListener listener = received::add;
		this.calls.addListener(listener);
		add(BlockingKind.PARK, 3, 1, line(1));
		this.calls.removeListener(listener);
		add(BlockingKind.PARK, 3, 1, line(1));
		assertThat(received).containsExactly(
				new BlockingCall(BlockingKind.PARK, new Culprit("com.acme.Prices", "load", "Prices.java", 1), "loop-1",
						Duration.ofMillis(3), START.plusSeconds(1)));
		assertThat(this.calls.list()).singleElement().extracting(BlockingHotspot::count).isEqualTo(2L);
	}

	@Test
	void whenListenerKeepsFailingShouldLogItOnce(CapturedOutput output) {
		this.calls.addListener((call) -> {
			throw new IllegalStateException("Thrown again and again");
		});
		for (int i = 0; i < 100; i++) {
			add(BlockingKind.PARK, 3, 1, line(1));
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(output).contains("Listener for blocking calls threw an exception",
					"Thrown again and again"));
		assertThat(output).containsOnlyOnce("Thrown again and again");
	}

	private void add(BlockingKind kind, int millis, int second, StackTraceElement... stack) {
		this.calls.add(kind, "loop-" + second, Duration.ofMillis(millis), START.plusSeconds(second), stack);
	}

	private static StackTraceElement line(int number) {
		return new StackTraceElement("com.acme.Prices", "load", "Prices.java", number);
	}

}
