package io.github.eventloop.benchmarks.placement;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.benchmarks.load.Summary;
import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Panel;
import io.github.eventloop.benchmarks.picture.Picture;
import io.github.eventloop.benchmarks.placement.Recording.Block;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * Benchmark of new connections to the sample with each placement, with and without a
 * dedicated acceptor: while a slow route is in use, and while one of four loops is
 * blocked.
 */
public final class PlacementRun {

	private PlacementRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --seconds=} for how long to open connections in each part
	 * of a setting
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "seconds");
		Output output = Output.of("placement", options);
		Duration duration = options.seconds("seconds", Duration.ofSeconds(12));
		double[] seconds = IntStream.range(0, (int) duration.toSeconds()).asDoubleStream().toArray();
		Panel slow = Panel.titled("with a slow route: p99 of the other requests, ms").logarithmic();
		Panel worker = Panel.titled("a worker blocked: new connections that hit it, %").max(100);
		Panel acceptor = Panel.titled("the acceptor blocked: new connections that hit it, %").max(100);
		Csv numbers = new Csv().column("second", seconds);
		output.say("# Where new connections go\n\n" + Experiment.CONDITIONS
				+ """


						| | slow route: p50 | p99 | longest | later than 50 ms | a worker blocked: requests that hit it | probes \
						| the acceptor blocked: requests that hit it | probes |
						| --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
		for (Setting setting : Setting.ALL) {
			output.progress("%s: the sample starts, then %d times %d s".formatted(setting.name(),
					setting.dedicated() ? 2 : 3, duration.toSeconds()));
			Recording recording = Experiment.run(setting, duration, output.directory());
			double[] p99 = recording.mixed().perSecond().stream().mapToDouble(Summary::p99Millis).toArray();
			slow.line(setting.name(), seconds, p99);
			numbers.column(setting.name() + "SlowRouteP99Millis", p99);
			draw(worker, numbers, setting.name(), "WorkerBlocked", seconds, recording.worker());
			draw(acceptor, numbers, setting.name(), "AcceptorBlocked", seconds, recording.acceptor());
			output.say(row(recording));
		}
		output.keep("new-connections",
				Picture.titled("Where new connections go").panel(slow).panel(worker).panel(acceptor), numbers);
	}

	private static void draw(Panel panel, Csv numbers, String setting, String column, double[] seconds,
			@Nullable Block block) {
		if (block != null) {
			panel.line(setting, seconds, block.requests().hitPercentPerSecond());
			numbers.column(setting + column + "HitPercent", block.requests().hitPercentPerSecond());
			numbers.column(setting + column + "ProbesHitPercent", block.probes().hitPercentPerSecond());
		}
	}

	private static String row(Recording recording) {
		Summary mixed = recording.mixed().total();
		return String.format(Locale.ROOT, "| %s | %.0f ms | %.0f ms | %.0f ms | %.1f %% | %s | %s |",
				recording.setting().name(), mixed.p50Millis(), mixed.p99Millis(), mixed.maxMillis(),
				100 * recording.late(), shares(recording.worker()), shares(recording.acceptor()));
	}

	private static String shares(@Nullable Block block) {
		return (block != null)
				? "%.0f %% | %.0f %%".formatted(100 * block.requests().hitShare(), 100 * block.probes().hitShare())
				: "- | -";
	}

}
