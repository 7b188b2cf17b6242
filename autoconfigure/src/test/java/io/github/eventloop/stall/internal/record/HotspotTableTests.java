package io.github.eventloop.stall.internal.record;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.eventloop.stall.Hotspot;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.TestStall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link HotspotTable} and {@link StallHistory}.
 */
class HotspotTableTests {

	private final HotspotTable table = new HotspotTable();

	@Test
	void shouldGroupByCulpritAndCause() {
		this.table.add(TestStall.of(1, "load", Duration.ZERO, Duration.ofMillis(200)));
		this.table.add(TestStall.of(2, "save", Duration.ofSeconds(1), Duration.ofMillis(600)));
		this.table.add(TestStall.of(3, "load", Duration.ofSeconds(2), Duration.ofMillis(300)));
		List<Hotspot> hotspots = this.table.hotspots();
		assertThat(hotspots).extracting((hotspot) -> hotspot.culprit().methodName()).containsExactly("save", "load");
		Hotspot load = hotspots.get(1);
		assertThat(load.cause()).isEqualTo(StallCause.SLEEPING);
		assertThat(load.count()).isEqualTo(2);
		assertThat(load.total()).isEqualTo(Duration.ofMillis(500));
		assertThat(load.max()).isEqualTo(Duration.ofMillis(300));
		assertThat(load.lastSeenAt()).isEqualTo(TestStall.START.plusMillis(2_300));
		assertThat(load.lastStallId()).isEqualTo(3);
		assertThat(load.maxInFlightRequests()).isEqualTo(3);
		assertThat(load.routes()).containsExactly("/prices/{id}");
		assertThat(load.advice()).isEqualTo("Do not sleep.");
	}

	@Test
	void whenHandlersShareACulpritShouldGroupByEntry() {
		this.table.add(TestStall.calledFrom("Orders"));
		this.table.add(TestStall.calledFrom("Users"));
		this.table.add(TestStall.calledFrom("Orders"));
		assertThat(this.table.hotspots()).extracting((hotspot) -> hotspot.entry().className(), Hotspot::count)
			.containsExactlyInAnyOrder(tuple("com.acme.Orders", 2L), tuple("com.acme.Users", 1L));
	}

	@Test
	void whenThereIsNoCulpritShouldGroupByWhatTheLoopWasDoing() {
		this.table.add(TestStall.doing("org.springframework.web.Router", "lookup"));
		this.table.add(TestStall.doing("reactor.core.publisher.Flux", "merge"));
		assertThat(this.table.hotspots()).extracting((hotspot) -> hotspot.doing().methodName())
			.containsExactlyInAnyOrder("lookup", "merge");
	}

	@Test
	void whenFullShouldKeepMostRecentHotspots() {
		for (int i = 0; i < 10_000; i++) {
			this.table.add(TestStall.of(i, "method" + i, Duration.ofMillis(i), Duration.ofMillis(200)));
			this.table.add(TestStall.of(i, "steady", Duration.ofMillis(i), Duration.ofMillis(200)));
		}
		assertThat(this.table.hotspots()).hasSize(100)
			.extracting((hotspot) -> hotspot.culprit().methodName())
			.contains("steady", "method9999")
			.doesNotContain("method0");
		assertThat(this.table.hotspots().get(0).count()).isEqualTo(10_000);
	}

	@Test
	void copyShouldNotAffectOriginal() {
		this.table.add(TestStall.of(1, "load", Duration.ZERO, Duration.ofMillis(200)));
		this.table.copy().add(TestStall.of(2, "load", Duration.ZERO, Duration.ofMillis(200)));
		assertThat(this.table.hotspots().get(0).count()).isEqualTo(1);
	}

	@Test
	void whenFullHistoryShouldKeepNewestStalls() {
		StallHistory history = new StallHistory();
		for (int i = 0; i < 1_000; i++) {
			history.add(TestStall.of(i, "load", Duration.ofMillis(i), Duration.ofMillis(200)));
		}
		assertThat(history.stalls()).hasSize(100).extracting(Stall::id).startsWith(900L).endsWith(999L);
		history.clear();
		assertThat(history.stalls()).isEmpty();
	}

}
