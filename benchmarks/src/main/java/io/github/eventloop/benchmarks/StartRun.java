package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.StartedApplication.Start;

/**
 * Benchmark of the time and memory that the library adds to the start of an application.
 */
public final class StartRun {

	private static final int FEW = 4;

	private static final int MANY = 64;

	private static final double KIB = 1024;

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	/** Enough for the work that the library leaves for the time after the start. */
	private static final Duration AFTER = Duration.ofSeconds(30);

	/** The first JDK that makes an AOT cache in a single step. */
	private static final int AOT_CACHE = 25;

	private static final Jdk JDK = new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());

	private StartRun() {
	}

	/** A pair is a start with the library, and one without. */
	public static void main(String[] arguments) throws IOException {
		Run run = new Run("start", arguments, "pairs", "idle-pairs");
		int number = run.get("pairs", 15);
		int idleNumber = run.get("idle-pairs", 3);
		run.say("""
				# Start-up and memory

				An application with Spring WebFlux and Actuator, started %d times with the library on its class path and the
				same number of times without, alternately, each time in a new JVM with the serial collector and a heap of
				128 MB. All loops have run once. The table shows the mean without the library and the mean of what the library
				adds, with their 95 %% confidence intervals. Start-up is the time reported by Spring Boot, CPU is the CPU time
				of the process until then, and heap is the size after a garbage collection. CPU afterwards is the CPU time of
				the next %d s, in which the application is idle, in %d pairs. The CPU time includes the compilers of the JVM.
				An archive of classes (CDS) and an AOT cache are made by an earlier start, separately with the library and
				without.

				| JVM | loops | | without | the library adds |
				| --- | --- | --- | --- | --- |""",
				number, AFTER.toSeconds(), idleNumber);
		double few = measure(FEW, number, run);
		Pairs<Double> idle = Pairs.of(idleNumber, "idle", run, (library) -> cpuAfterwards(library, run.directory()));
		idle.report(run, JDK.name(), FEW, "CPU afterwards, ms", 1, (cpu) -> cpu);
		double many = measure(MANY, number, run);
		measureArchive(JDK, "with CDS", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=", number, run);
		Optional<Jdk> newer = Jdk.newest().filter((jdk) -> jdk.feature() >= AOT_CACHE);
		if (newer.isPresent()) {
			measureArchive(newer.get(), "with an AOT cache", "-XX:AOTCacheOutput=", "-XX:AOTCache=", number, run);
		}
		run.say("""

				A loop that has just started takes %.1f KiB of heap. It takes more as its history and window fill up:
				[memory](how-it-measures.md#cost).""", (many - few) / (MANY - FEW) / KIB);
	}

	/** Return the heap that the library adds. */
	private static double measure(int loops, int number, Run run) {
		Pairs<Start> pairs = Pairs.of(number, loops + " loops", run,
				(library) -> start(library, loops, run.directory()));
		pairs.report(run, JDK.name(), loops, "start-up, ms", 1, Start::millis);
		pairs.report(run, JDK.name(), loops, "CPU, ms", 1, Start::cpuMillis);
		double heap = pairs.report(run, JDK.name(), loops, "heap, KiB", KIB, Start::heap);
		pairs.report(run, JDK.name(), loops, "Metaspace, KiB", KIB, Start::metaspace);
		pairs.report(run, JDK.name(), loops, "classes", 1, Start::classes);
		return heap;
	}

	/** Measure with an archive, which each application makes when it ends. */
	private static void measureArchive(Jdk jdk, String how, String writing, String reading, int number, Run run)
			throws IOException {
		Path archives = Files.createTempDirectory("archives");
		Function<Boolean, Path> archive = (library) -> archives.resolve(library ? "with" : "without");
		try {
			for (boolean library : List.of(true, false)) {
				run.progress("%s %s, archive", jdk.name(), how);
				start(application(library, FEW).jdk(jdk.home()).jvm(writing + archive.apply(library)), "archive",
						run.directory());
				if (!Files.exists(archive.apply(library))) {
					throw new IllegalStateException(jdk.name() + " did not write an archive");
				}
			}
			Pairs<Start> pairs = Pairs.of(number, jdk.name() + " " + how, run,
					(library) -> start(application(library, FEW).jdk(jdk.home()).jvm(reading + archive.apply(library)),
							library ? "with-archive" : "without-archive", run.directory()));
			pairs.report(run, jdk.name() + " " + how, FEW, "start-up, ms", 1, Start::millis);
			pairs.report(run, jdk.name() + " " + how, FEW, "CPU, ms", 1, Start::cpuMillis);
		}
		finally {
			FileSystemUtils.deleteRecursively(archives);
		}
	}

	/**
	 * Start an application, and return its CPU time while it is idle, in milliseconds.
	 */
	private static double cpuAfterwards(boolean library, Path directory) {
		try (Instance instance = application(library, FEW).start(library ? "with-idle" : "without-idle", directory)) {
			Start start = result(instance);
			Pause.of(AFTER);
			return instance.process().cpu().toNanos() / 1e6 - start.cpuMillis();
		}
	}

	/**
	 * Start and stop an application; without the library, its jars are not on the class
	 * path.
	 */
	static Start start(boolean library, int loops, Path directory) {
		return start(application(library, loops), (library ? "with-" : "without-") + loops, directory);
	}

	private static Start start(Application application, String name, Path directory) {
		try (Instance instance = application.start(name, directory)) {
			Start start = result(instance);
			// Longer than usual: the JVM may write an archive.
			instance.process().close(TIMEOUT);
			return start;
		}
	}

	private static Application application(boolean library, int loops) {
		return Application
			.ofJars(StartedApplication.class, (entry) -> library || !entry.contains("eventloop-spring-boot"))
			.loops(loops)
			.jvm("-Xms128m", "-Xmx128m", "-XX:+UseSerialGC");
	}

	private static Start result(Instance instance) {
		String line = instance.process().await("^\\{\"millis\".*}$", TIMEOUT).get(0).group();
		return JsonMapper.shared().readValue(line, Start.class);
	}

	/**
	 * A JDK on this machine.
	 */
	private record Jdk(Path home, int feature) {

		private static final Pattern RELEASE = Pattern.compile("JAVA_VERSION=\"(\\d+)");

		String name() {
			return "JDK " + this.feature;
		}

		/** Find the newest JDK among this one and those in the directories beside it. */
		static Optional<Jdk> newest() throws IOException {
			try (Stream<Path> homes = Files.list(JDK.home().getParent())) {
				return Stream.concat(Stream.of(JDK), homes.flatMap(Jdk::of)).max(Comparator.comparingInt(Jdk::feature));
			}
		}

		private static Stream<Jdk> of(Path home) {
			try {
				Matcher release = RELEASE.matcher(Files.readString(home.resolve("release")));
				return release.find() ? Stream.of(new Jdk(home, Integer.parseInt(release.group(1)))) : Stream.empty();
			}
			catch (IOException ex) {
				// Not a JDK.
				return Stream.empty();
			}
		}

	}

	/**
	 * Results of starts with the library, and of the same number of starts without.
	 */
	private record Pairs<T>(List<T> with, List<T> without) {

		static <T> Pairs<T> of(int number, String what, Run run, Function<Boolean, T> start) {
			Pairs<T> pairs = new Pairs<>(new ArrayList<>(), new ArrayList<>());
			for (int i = 0; i < 2 * number; i++) {
				run.progress("%s, start %d of %d", what, i + 1, 2 * number);
				// With the library first in every other pair.
				boolean library = i % 4 == 0 || i % 4 == 3;
				(library ? pairs.with : pairs.without).add(start.apply(library));
			}
			return pairs;
		}

		/** Report a figure, and return the mean of what the library adds. */
		double report(Run run, String jvm, int loops, String what, double unit, ToDoubleFunction<T> figure) {
			List<Double> added = new ArrayList<>();
			for (int i = 0; i < this.with.size(); i++) {
				added.add(figure.applyAsDouble(this.with.get(i)) - figure.applyAsDouble(this.without.get(i)));
			}
			Estimate stock = Estimate.of(this.without.stream().mapToDouble(figure).boxed().toList());
			Estimate more = Estimate.of(added);
			run.say("| %s | %d | %s | %.0f \u00b1 %.0f | %+.0f \u00b1 %.0f |", jvm, loops, what, stock.mean() / unit,
					stock.halfWidth() / unit, more.mean() / unit, more.halfWidth() / unit);
			return more.mean();
		}

	}

}
