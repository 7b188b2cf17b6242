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
 * Benchmark of a server with one loop at twice its capacity, without shedding, with the
 * policy of the library and with the policies of other tools.
 */
public final class SheddingRun {

	private SheddingRun() {
	}

	/**
	 * Run the benchmark.
	 * @param arguments {@code --work=} the computing time of a request, in milliseconds;
	 * {@code --light=}, {@code --heavy=} in seconds
	 */
	public static void main(String[] arguments) {
		Options options = Options.of(arguments, "work", "light", "heavy");
		Output output = Output.of("shedding", options);
		int work = options.number("work", 40);
		Duration light = options.seconds("light", Duration.ofSeconds(15));
		Duration heavy = options.seconds("heavy", Duration.ofSeconds(30));
		output.say(String.format(Locale.ROOT,
				"%d ms of computing per request, one loop: the capacity is %.0f requests per second. The load is twice "
						+ "the capacity for %d s, at random times; before and after, 0.3 times the capacity.%n%n%s",
				work, 1000.0 / work, heavy.toSeconds(), Report.HEAD));
		List<Report> reports = new ArrayList<>();
		for (Policy policy : Policy.values()) {
			Overload overload = new Overload(policy, work, light, heavy);
			output.progress("%s: %d s".formatted(policy.title(), overload.end().toSeconds()));
			Report report = new Report(overload, overload.run(output.directory()));
			reports.add(report);
			output.say(report.row());
		}
		keep(reports, output, light, heavy);
	}

	private static void keep(List<Report> reports, Output output, Duration light, Duration heavy) {
		Panel p99 = Panel.titled("p99 of accepted requests, ms").logarithmic();
		Panel useful = Panel.titled("answered within a second, requests per second");
		Panel shed = Panel.titled("shed, %");
		Csv csv = new Csv();
		for (Report report : reports) {
			String name = report.overload().policy().title();
			p99.line(name, report.seconds(), report.p99());
			useful.line(name, report.seconds(), report.usefulPerSecond());
			shed.line(name, report.seconds(), report.shed());
			csv.column(name + ": p99Millis", report.p99())
				.column(name + ": useful", report.usefulPerSecond())
				.column(name + ": shedPercent", report.shed());
		}
		output.keep("policies",
				Picture.titled("Twice the capacity of one loop")
					.band(light.toSeconds(), light.plus(heavy).toSeconds(), "overload")
					.panel(p99)
					.panel(useful)
					.panel(shed),
				csv);
	}

}
