package io.github.eventloop.actuate.internal;

import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.ManualMonitor;
import io.github.eventloop.stall.Drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DrillRequest}.
 */
class DrillRequestTests {

	private final ManualMonitor time = new ManualMonitor();

	@Test
	void whenAllParametersAreSpecifiedShouldUseThem() {
		this.time.addLoop("group", "loop-1");
		assertThat(DrillRequest.of("10000", "loop-1", "cpu", loops()))
			.isEqualTo(new DrillRequest(10000, "loop-1", Drill.Kind.CPU));
	}

	@Test
	void whenLoopAndKindAreMissingShouldSleepOnTheFirstStartedLoopThatDoesNotAccept() {
		this.time.addLoop("group", "loop-1").start().in(LoopRole.ACCEPTOR, LoopRole.SERVER);
		this.time.addLoop("group", "loop-2");
		this.time.addLoop("group", "loop-3").start().in(LoopRole.SERVER);
		this.time.addLoop("group", "loop-4").start().in(LoopRole.SERVER);
		assertThat(DrillRequest.of("1", null, null, loops()))
			.isEqualTo(new DrillRequest(1, "loop-3", Drill.Kind.SLEEP));
	}

	@Test
	void whenLoopIsMissingShouldPreferLoopThatIsNotExternal() {
		this.time.addLoop("driver", "driver-1").probeSent().probeCompleted();
		this.time.addLoop("group", "loop-1").start().in(LoopRole.SERVER);
		assertThat(DrillRequest.of("1", null, null, loops()).loop()).isEqualTo("loop-1");
		assertThat(DrillRequest.of("1", "driver-1", null, loops()).loop()).isEqualTo("driver-1");
	}

	@Test
	void whenAllLoopsAcceptShouldUseTheFirst() {
		this.time.addLoop("group", "loop-1").start().in(LoopRole.ACCEPTOR);
		assertThat(DrillRequest.of("1", null, null, loops()).loop()).isEqualTo("loop-1");
	}

	@Test
	void whenNoLoopHasStartedShouldFail() {
		this.time.addLoop("group", "loop-1");
		assertThatIllegalArgumentException().isThrownBy(() -> DrillRequest.of("1", null, null, loops()))
			.withMessage("No event loop has started yet.");
	}

	private EventLoopSnapshot loops() {
		return this.time.monitor().snapshot();
	}

}
