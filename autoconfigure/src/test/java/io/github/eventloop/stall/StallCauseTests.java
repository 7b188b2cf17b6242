package io.github.eventloop.stall;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests how often the right cause is found for each {@link Provocation}.
 */
class StallCauseTests {

	@Test
	void shouldFindTheCause() {
		findTheCause(5);
	}

	@Test
	@Tag("slow")
	@Timeout(value = 10, unit = TimeUnit.MINUTES)
	void whenProvokedOftenShouldFindTheCause() {
		findTheCause(20);
	}

	private static void findTheCause(int runs) {
		Confusion confusion = new Confusion();
		List<Object> retained = retainSome();
		try (StallRig rig = new StallRig(1)) {
			for (int run = 0; run < runs; run++) {
				for (Provocation provocation : Provocation.values()) {
					provoke(rig, provocation).ifPresent((stall) -> confusion.add(provocation, stall));
				}
			}
		}
		System.out.println(confusion);
		assertThat(retained).isNotEmpty();
		assertThat(confusion.accuracy()).isGreaterThanOrEqualTo(0.95);
	}

	/**
	 * Provoke a stall. On a machine that has no CPU for the loop or for the collector the
	 * loop is starved, which is a correct diagnosis but not the stall that was to be
	 * provoked.
	 * @return the stall, or empty if the machine had no CPU in any of five attempts
	 */
	private static Optional<Stall> provoke(StallRig rig, Provocation provocation) {
		for (int attempt = 0; attempt < 5; attempt++) {
			Provocation.readyNanos = 0;
			Provocation.cpuNanos = 0;
			provocation.provoke(rig.loop(), 160);
			Stall stall = rig.takeEnded();
			boolean hadCpu = Provocation.cpuNanos >= 0.3 * Provocation.readyNanos;
			if (hadCpu && !(stall.cause() == StallCause.STARVED && isMachineBusy())) {
				return Optional.of(stall);
			}
		}
		return Optional.empty();
	}

	/** Compute for a moment, and compare the elapsed time with the CPU time. */
	private static boolean isMachineBusy() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long cpu = threads.getCurrentThreadCpuTime();
		long start = System.nanoTime();
		while (System.nanoTime() - start < 100_000_000) {
			Thread.onSpinWait();
		}
		return threads.getCurrentThreadCpuTime() - cpu < 0.9 * (System.nanoTime() - start);
	}

	/** Retain objects, so that collections take time. */
	private static List<Object> retainSome() {
		List<Object> retained = new ArrayList<>();
		for (int i = 0; i < 1_000_000; i++) {
			retained.add(new int[8]);
		}
		return retained;
	}

	/**
	 * The causes that were found for each provocation.
	 */
	private static final class Confusion {

		private final Map<Provocation, Map<StallCause, Integer>> found = new EnumMap<>(Provocation.class);

		void add(Provocation provocation, Stall stall) {
			this.found.computeIfAbsent(provocation, (key) -> new EnumMap<>(StallCause.class))
				.merge(stall.cause(), 1, Integer::sum);
			if (stall.cause() != provocation.cause()) {
				System.out.println(provocation + ": " + stall.summary() + " " + stall.duration() + ", samples "
						+ stall.samples().count() + ", CPU " + stall.times().cpuNanos());
			}
		}

		double accuracy() {
			int all = 0;
			int right = 0;
			for (Map.Entry<Provocation, Map<StallCause, Integer>> row : this.found.entrySet()) {
				for (Map.Entry<StallCause, Integer> cell : row.getValue().entrySet()) {
					all += cell.getValue();
					right += (cell.getKey() == row.getKey().cause()) ? cell.getValue() : 0;
				}
			}
			return (double) right / all;
		}

		@Override
		public String toString() {
			StringBuilder table = new StringBuilder(String.format("%-24s", "provoked \\ found"));
			for (StallCause cause : StallCause.values()) {
				table.append(String.format("%12s", cause));
			}
			this.found.forEach((provocation, causes) -> {
				table.append(String.format("%n%-24s", provocation));
				for (StallCause cause : StallCause.values()) {
					table.append(String.format("%12s", causes.getOrDefault(cause, 0)));
				}
			});
			return table.toString();
		}

	}

}
