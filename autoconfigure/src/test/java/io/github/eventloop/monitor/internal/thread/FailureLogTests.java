package io.github.eventloop.monitor.internal.thread;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureLogTests {

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private final FailureLog log = new FailureLog(LogFactory.getLog("some.Part"), this.clock::get);

	@Test
	void whenPartKeepsFailingShouldLogOnceAMinuteWithTheNumberOfFailures(CapturedOutput output) {
		for (int second = 0; second < 120; second++) {
			this.log.failed("Part failed and continues", new IllegalStateException("at " + second));
			this.clock.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		LogThread.flush();
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).satisfiesExactly(
				(line) -> assertThat(line).contains("some.Part", "Part failed and continues (failure 1 so far"),
				(line) -> assertThat(line).contains("some.Part", "Part failed and continues (failure 61 so far"));
		assertThat(output).contains("IllegalStateException: at 0", "IllegalStateException: at 60");
	}

	@Test
	void whenAnotherPartFailsShouldLogItToo(CapturedOutput output) {
		for (int i = 0; i < 5; i++) {
			this.log.failed("First listener failed", new IllegalStateException());
			this.log.failed("Second listener failed", new IllegalStateException());
		}
		LogThread.flush();
		assertThat(output).containsOnlyOnce("First listener failed (failure 1 so far")
			.containsOnlyOnce("Second listener failed (failure 1 so far");
	}

	@Test
	void shouldAddUpFailures(CapturedOutput output) {
		this.log.failed("Part failed", null, 2);
		this.log.failed("Part failed", null, 5);
		this.clock.addAndGet(Duration.ofMinutes(1).toNanos());
		this.log.failed("Part failed", null, 3);
		LogThread.flush();
		assertThat(output).contains("Part failed (failure 2 so far", "Part failed (failure 10 so far")
			.doesNotContain("failure 7 so far");
	}

	@Test
	void whenActionFailsShouldLogAndReturn(CapturedOutput output) {
		this.log.run(() -> {
			throw new AssertionError("not today");
		}, "Action failed");
		LogThread.flush();
		assertThat(output).contains("Action failed (failure 1 so far", "AssertionError: not today");
	}

}
