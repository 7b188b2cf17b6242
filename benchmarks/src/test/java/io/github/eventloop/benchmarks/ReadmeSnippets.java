package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.stream.IntStream;

import io.github.eventloop.benchmarks.load.Load;
import io.github.eventloop.benchmarks.load.LoadResult;
import io.github.eventloop.benchmarks.load.Plan;
import io.github.eventloop.benchmarks.load.Summary;
import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Panel;
import io.github.eventloop.benchmarks.picture.Picture;
import io.github.eventloop.benchmarks.process.Application;
import io.github.eventloop.benchmarks.process.Instance;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * The code in {@code benchmarks/README.md}. It is compiled, but not run.
 */
final class ReadmeSnippets {

	private ReadmeSnippets() {
	}

	static void run(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("mine", options);
		try (Instance shop = Application.sample()
			.loops(1)
			.property("eventloop.window", "5s")
			.start("a", output.directory())) {
			LoadResult result = Load.get(shop.url("/products/1"))
				.connections(30)
				.timeout(Duration.ofSeconds(5))
				.start(Plan.steady(50, Duration.ofSeconds(10))
					.then(500, options.seconds("seconds", Duration.ofSeconds(30))))
				.await();
			double[] p99 = result.perSecond().stream().mapToDouble(Summary::p99Millis).toArray();
			double[] seconds = IntStream.range(0, p99.length).asDoubleStream().toArray();
			output.keep("steps", Picture.titled("…").panel(Panel.titled("p99, ms").line("client", seconds, p99)),
					new Csv().column("second", seconds).column("p99Millis", p99));
			output.say("| ok | p99 |\n| --- | --- |\n| %d | %.1f ms |".formatted(result.total().ok(),
					result.total().p99Millis()));
		}
	}

}
