package io.github.eventloop.benchmarks.shedding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.eventloop.benchmarks.picture.Csv;
import io.github.eventloop.benchmarks.picture.Panel;
import io.github.eventloop.benchmarks.picture.Picture;
import io.github.eventloop.benchmarks.run.Options;
import io.github.eventloop.benchmarks.run.Output;

/**
 * A server with one loop gets twice of what it can do, without and with shedding, by our
 * policy and by those of others.
 */
public final class SheddingRun {

	private SheddingRun() {
	}

	/**
	 * Run it.
	 * @param arguments {@code --work=} how long a request computes, in milliseconds;
	 * {@code --light=}, {@code --heavy=} seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "work", "light", "heavy");
		Output output = Output.of("shedding", options);
		int work = options.number("work", 40);
		Duration light = options.seconds("light", Duration.ofSeconds(15));
		Duration heavy = options.seconds("heavy", Duration.ofSeconds(30));
		output.say(String.format(Locale.ROOT,
				"%d ms of computing a request, one loop: %.0f requests a second at most. "
						+ "For %d s twice as many come, at random; before and after, 0.3 times as many.%n%n%s",
				work, 1000.0 / work, heavy.toSeconds(), Report.HEAD));
		List<Report> reports = new ArrayList<>();
		for (Policy policy : Policy.values()) {
			Overload overload = new Overload(policy, work, light, heavy);
			output.progress("%s: %d s".formatted(policy.title(), overload.end().toSeconds()));
			Report report = new Report(overload, overload.play(output.directory()));
			reports.add(report);
			output.say(report.row());
		}
		keep(reports, output, light, heavy);
	}

	private static void keep(List<Report> reports, Output output, Duration light, Duration heavy) {
		Panel p99 = Panel.titled("p99 of accepted requests, ms").logarithmic();
		Panel useful = Panel.titled("answered within a second, requests a second");
		Panel refused = Panel.titled("refused, %");
		Csv csv = new Csv();
		for (Report report : reports) {
			String name = report.overload().policy().title();
			p99.line(name, report.seconds(), report.p99());
			useful.line(name, report.seconds(), report.usefulPerSecond());
			refused.line(name, report.seconds(), report.refused());
			csv.column(name + ": p99Millis", report.p99())
				.column(name + ": useful", report.usefulPerSecond())
				.column(name + ": refusedPercent", report.refused());
		}
		output.keep("policies",
				Picture.titled("Twice of what one loop can do")
					.band(light.toSeconds(), light.plus(heavy).toSeconds(), "overload")
					.panel(p99)
					.panel(useful)
					.panel(refused),
				csv);
	}

}
