package io.github.eventloop.monitor.internal.lag;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.internal.recorder.DurationBuckets;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SliceReader}.
 */
class SliceReaderTests {

	private long now = 1_000_000;

	/** When the iteration in progress started. */
	private long busySince;

	private final LoopRecorder recorder = new LoopRecorder(() -> this.now);

	private final SliceReader reader = new SliceReader(this.recorder, new int[DurationBuckets.COUNT], true);

	/** Another reader, which awaits ends of iterations too. */
	private final SliceReader other = new SliceReader(this.recorder, new int[DurationBuckets.COUNT], true);

	/** Slices with none, one, and many iterations are read in different ways. */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void endedIterationsShouldBeThoseOfTheSlice(long seed) {
		Random random = new Random(seed);
		this.recorder.started(this.now);
		this.recorder.waiting(this.now);
		Map<Integer, Long> expected = new TreeMap<>(Map.of(0, 1L));
		boolean busy = false;
		for (int slice = 0; slice < 200; slice++) {
			int steps = random.nextInt(random.nextBoolean() ? 4 : 20);
			for (int i = 0; i < steps; i++) {
				long length = 1L + random.nextInt(1 << (1 + random.nextInt(24)));
				this.now += length;
				if (busy) {
					this.recorder.waiting(this.now);
					expected.merge(DurationBuckets.indexOf(this.now - this.busySince), 1L, Long::sum);
				}
				else {
					this.recorder.polled(this.now);
					this.busySince = this.now;
				}
				busy = !busy;
				if (random.nextInt(5) == 0) {
					endSlice(this.other);
				}
				if (random.nextInt(5) == 0) {
					// A snapshot.
					assertCounts(this.reader.endedIterations(this.reader.read()), expected);
				}
			}
			this.now += random.nextInt(1000);
			assertCounts(endSlice(this.reader), expected);
			expected.clear();
		}
	}

	@Test
	void whenOneIterationHasEndedShouldNotNeedTheCounts() {
		this.recorder.started(this.now);
		this.recorder.waiting(this.now);
		endSlice(this.reader);
		this.now += 1_000_000;
		this.recorder.polled(this.now);
		this.now += 4_000;
		this.recorder.waiting(this.now);
		int[] counts = new int[DurationBuckets.COUNT];
		assertThat(this.reader.endedIterations(this.reader.read())).isInstanceOf(SparseHistogram.class);
		assertCounts(this.reader.endedIterations(this.reader.read()), Map.of(DurationBuckets.indexOf(4_000), 1L));
		this.recorder.polled(this.now);
		this.recorder.waiting(this.now);
		this.recorder.readCounts(counts);
		assertThat(this.reader.endedIterations(this.reader.read())).isInstanceOf(CountedIterations.class);
	}

	private static Histogram endSlice(SliceReader reader) {
		SliceReader.End end = reader.readEnd();
		LoopReading reading = end.reading();
		reader.advanceTo(reading);
		SparseHistogram iterations = reader.endedIterations(reading).toSparse();
		reader.startNext(new Slice(reading.at(), 0, 0, 0, true, 0, 0, 1, iterations, SparseHistogram.EMPTY, null,
				new long[0], 0, reading), end);
		return iterations;
	}

	private static void assertCounts(Histogram histogram, Map<Integer, Long> expected) {
		Map<Integer, Long> found = new TreeMap<>();
		for (SparseHistogram.Cursor each = histogram.toSparse().cursor(); each.next();) {
			found.put(each.bucket(), each.count());
		}
		assertThat(found).isEqualTo(expected);
	}

}
