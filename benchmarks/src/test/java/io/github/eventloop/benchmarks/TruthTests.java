package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.eventloop.benchmarks.Truth.Figures;
import io.github.eventloop.benchmarks.Truth.Interval;

import static org.assertj.core.api.Assertions.assertThat;

class TruthTests {

	private static final Offset<Double> EXACTLY = Offset.offset(1e-9);

	private static final Interval TEN_SECONDS = millis(0, 10_000);

	@Test
	void stallShouldDelayWhateverBecomesReadyMeanwhile() {
		Figures figures = new Truth(List.of(millis(4_000, 5_000)), List.of()).during(TEN_SECONDS);
		assertThat(figures.utilization()).isCloseTo(0.1, EXACTLY);
		assertThat(figures.p50Millis()).isZero();
		assertThat(figures.p90Millis()).isCloseTo(0, EXACTLY);
		assertThat(figures.p99Millis()).isCloseTo(900, EXACTLY);
		assertThat(figures.maxMillis()).isCloseTo(1_000, EXACTLY);
	}

	@Test
	void shorterIterationsShouldAddToLongerOnes() {
		// 5 s of 100 ms each and one of 1 s: S(x) = 50 (100 - x) + 1000 - x below 100 ms.
		List<Interval> iterations = new ArrayList<>();
		for (long i = 0; i < 50; i++) {
			iterations.add(millis(i * 150, i * 150 + 100));
		}
		iterations.add(millis(8_000, 9_000));
		Figures figures = new Truth(iterations, List.of()).during(TEN_SECONDS);
		assertThat(figures.p50Millis()).isCloseTo((6_000 - 5_000) / 51.0, EXACTLY);
		assertThat(figures.p99Millis()).isCloseTo(900, EXACTLY);
	}

	@Test
	void onlyThePartWithinTheTimeShouldCount() {
		Truth truth = new Truth(List.of(millis(-500, 300), millis(9_800, 20_000)), List.of());
		Figures figures = truth.during(TEN_SECONDS);
		assertThat(figures.utilization()).isCloseTo(0.05, EXACTLY);
		assertThat(figures.maxMillis()).isCloseTo(300, EXACTLY);
	}

	@Test
	void pauseShouldDelayWhatAnIdleLoopWouldHandle() {
		Figures figures = new Truth(List.of(), List.of(millis(100, 300))).during(TEN_SECONDS);
		assertThat(figures.utilization()).isZero();
		assertThat(figures.maxMillis()).isCloseTo(200, EXACTLY);
		assertThat(figures.pauseMillis()).isCloseTo(200, EXACTLY);
	}

	@Test
	void pauseOfABusyLoopShouldNotCountTwice() {
		Truth truth = new Truth(List.of(millis(0, 400)), List.of(millis(100, 300)));
		assertThat(truth.during(TEN_SECONDS).p99Millis()).isCloseTo(300, EXACTLY);
	}

	@Test
	void iterationThatBeginsBeforeTheRecordedEndOfAPauseShouldCountSeparately() {
		Truth truth = new Truth(List.of(millis(299, 350)), List.of(millis(100, 300)));
		assertThat(truth.during(TEN_SECONDS).maxMillis()).isCloseTo(199, EXACTLY);
	}

	@Test
	void pausesShouldBeReadFromTheSafepointLogOfTheJvm(@TempDir Path directory) throws IOException {
		Path log = Files.writeString(directory.resolve("safepoints.log"), """
				[48950350571022ns] Safepoint "GenCollectForAllocation", Time since last: 312864173 ns, \
				Reaching safepoint: 5548 ns, Cleanup: 15563 ns, At safepoint: 87630178 ns, Total: 87651289 ns
				[48950350671022ns] Safepoint "ICBufferFull", Time since last: 12348 ns, \
				Reaching safepoint: 5548 ns, Cleanup: 15563 ns, At safepoint: 178 ns, Total: 21289 ns
				""");
		assertThat(ScheduleProgram.safepoints(log))
			.containsExactly(new Interval(48950350571022L - 87651289L, 48950350571022L));
	}

	private static Interval millis(long from, long to) {
		return new Interval(from * 1_000_000, to * 1_000_000);
	}

}
