package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.time.Duration;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.Picture.Panel;

/**
 * The code in {@code benchmarks/README.md}. It is compiled, but not run.
 */
final class ReadmeSnippets {

	private ReadmeSnippets() {
	}

	static void run(String[] arguments) throws IOException {
		Run run = new Run("mine", arguments, "seconds");
		try (Instance shop = Application.sample()
			.loops(1)
			.property("eventloop.window", "5s")
			.start("a", run.directory())) {
			LoadResult result = Load.get(shop.url("/products/1"))
				.connections(30)
				.timeout(Duration.ofSeconds(5))
				.start(Plan.steady(50, Duration.ofSeconds(10)).then(500, Duration.ofSeconds(run.get("seconds", 30))))
				.await();
			run.keep("steps",
					new Picture("…", Panel.of("p99, ms").line("client", result.perSecond(LoadResult::p99Millis))));
			run.say("| ok | p99 |\n| --- | --- |\n| %d | %.1f ms |", result.count(Outcome.OK), result.p99Millis());
		}
	}

}
