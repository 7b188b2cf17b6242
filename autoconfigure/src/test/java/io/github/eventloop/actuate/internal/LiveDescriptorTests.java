package io.github.eventloop.actuate.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.actuate.ShowDetails;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.internal.TestSecond;
import io.github.eventloop.health.internal.TestSettings;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveDescriptor}, and for the snapshot that it shows.
 */
class LiveDescriptorTests {

	private final AtomicInteger snapshots = new AtomicInteger();

	private final EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT) {

		@Override
		public EventLoopSnapshot snapshot() {
			LiveDescriptorTests.this.snapshots.incrementAndGet();
			return super.snapshot();
		}

	};

	private final StackReader reader = new StackReader(List.of());

	private final StallDetector stalls = new StallDetector(this.monitor, this.reader, StallSettings.DEFAULT);

	private final EventLoopHealth health = new EventLoopHealth(this.monitor, new TestSettings().startupGrace(0).build(),
			(event) -> {
			});

	private final EndpointViews views = new EndpointViews(this.monitor, this.health, this.stalls,
			new BlockingCalls(this.reader), "none",
			new FindingDetector(this.monitor, this.stalls, this.health, HealthSettings.DEFAULT, () -> null, () -> {
				throw new IllegalStateException("Not part of this view");
			}), new Details(ShowDetails.ALWAYS, Set.of()), new ApplicationDescriptor(null, Instant.EPOCH, null, null));

	@AfterEach
	void close() {
		this.health.destroy();
		this.stalls.close();
		this.monitor.close();
	}

	@Test
	void loopsShouldBeThoseThatTheReasonIsAbout() {
		this.health.onSecond(TestSecond.at(0).lag(Duration.ofMillis(161)).build());
		EventLoopDescriptor loops = live().eventLoops();
		assertThat(loops.reason()).isEqualTo("lag p99 161 ms over 10 s");
		assertThat(loops.lag().p99Millis()).isEqualTo(161);
		assertThat(loops.windowSeconds()).isEqualTo(10);
		assertThat(this.snapshots).as("computed snapshots").hasValue(0);
		assertThat(this.views.overview().lag().p99Millis()).as("current state").isZero();
	}

	@Test
	void whenNotJudgedLoopsShouldBeTheCurrentOnes() {
		assertThat(live().eventLoops().reason()).isEqualTo("no second has been judged yet");
		assertThat(this.snapshots).hasValue(1);
	}

	private LiveDescriptor live() {
		return this.views.live(0L, null, null);
	}

}
