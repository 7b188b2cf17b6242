package io.github.eventloop.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cost of scraping an application with many loops, compared with the same application
 * without the library, which has the meters that Spring Boot registers. The cost of a
 * scrape is that of its series, so that their number is what the test limits; it prints
 * the CPU time.
 */
@Timeout(240)
class ScrapeIT {

	private static final int LOOPS = 64;

	/** Of each loop: the timer has three, the time by state too. */
	private static final int SERIES_OF_LOOP = 14;

	/** Nine causes of stalls with three series each, and seven others. */
	private static final int OTHER_SERIES = 34;

	private static final int SCRAPES = 400;

	private static final int ROUNDS = 5;

	@TempDir
	private Path directory;

	@Test
	void seriesShouldBeThoseOfTheLoops() {
		try (Instance without = start(false); Instance with = start(true)) {
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(series(with)).filteredOn((line) -> line.startsWith("eventloop_"))
					.hasSizeBetween(LOOPS * SERIES_OF_LOOP, LOOPS * SERIES_OF_LOOP + OTHER_SERIES));
			assertThat(series(without)).noneMatch((line) -> line.startsWith("eventloop_"));
			for (int round = 1; round <= ROUNDS; round++) {
				System.out.printf("A scrape of %d and %d series: %.2f ms and %.2f ms of CPU%n", series(without).size(),
						series(with).size(), millisOfScrape(without), millisOfScrape(with));
			}
		}
	}

	private Instance start(boolean enabled) {
		return Application.of(IdleApplication.class)
			.jvm("-Xmx128m", "-XX:+UseSerialGC")
			.loops(LOOPS)
			.property("eventloop.enabled", enabled)
			.property("management.endpoints.web.exposure.include", "prometheus")
			.start(enabled ? "with" : "without", this.directory);
	}

	private static List<String> series(Instance instance) {
		return scrape(instance).lines().filter((line) -> !line.startsWith("#")).toList();
	}

	private static String scrape(Instance instance) {
		return Http.get(instance.url("/actuator/prometheus"));
	}

	private static double millisOfScrape(Instance instance) {
		Duration before = instance.process().threads().cpu((name) -> true);
		for (int i = 0; i < SCRAPES; i++) {
			scrape(instance);
		}
		return instance.process().threads().cpu((name) -> true).minus(before).toNanos() / 1e6 / SCRAPES;
	}

}
