package io.github.eventloop.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tool that monitors event loops.
 *
 * @param command the command to run, to which the name of a disturbance is appended;
 * empty if it is not installed
 */
record Peer(String name, List<String> command) {

	private static final Path NODE_MODULES = Program.TOOLS.resolve("under-pressure/node_modules");

	private static final Path VERTX = Program.TOOLS.resolve("vertx");

	/** Return the tools that are compared, whose programs are copied to a directory. */
	static List<Peer> all(Path directory) throws IOException {
		for (String program : List.of("peer.cjs", "peer.py", "VertxPeer.java")) {
			Files.write(directory.resolve(program), new ClassPathResource(program, Peer.class).getContentAsByteArray());
		}
		List<String> vertx = Files.isDirectory(VERTX) ? List.of(Program.jdk("java"), "-cp",
				VERTX.resolve("*").toString(), directory.resolve("VertxPeer.java").toString()) : List.of();
		List<String> asyncio = Program.find("python3")
			.map((python) -> List.of(python.toString(), directory.resolve("peer.py").toString()))
			.orElse(List.of());
		boolean fastify = Files.isDirectory(NODE_MODULES.resolve("fastify"));
		return List.of(netty("eventloop: the snapshot of its monitor", "eventloop"),
				netty("Netty: utilization, every second", "utilization"),
				netty("Micrometer: pending tasks of Netty", "pending"),
				netty("a probe on the loop every 20 ms", "probe"),
				new Peer("Node: `monitorEventLoopDelay`, 20 ms", node(directory, "delay")),
				new Peer("Node: `eventLoopUtilization`", node(directory, "utilization")),
				new Peer("`@fastify/under-pressure`: response of the server",
						fastify ? node(directory, "under-pressure") : List.of()),
				new Peer("Vert.x: the blocked thread checker", vertx), new Peer("asyncio: debug mode", asyncio));
	}

	/** The paths are absolute, because a peer runs in another directory. */
	private static Peer netty(String name, String tool) {
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
		return new Peer(name, List.of(Program.jdk("java"), "-XX:+UseSerialGC", "-Xmx128m", "-cp", classPath,
				NettyPeer.class.getName(), tool));
	}

	private static List<String> node(Path directory, String tool) {
		return Program.find("node")
			.map((node) -> List.of("env", "NODE_PATH=" + NODE_MODULES, node.toString(),
					directory.resolve("peer.cjs").toString(), tool))
			.orElse(List.of());
	}

	/**
	 * Let the tool monitor a loop that is disturbed, in a separate process, unless it is
	 * not installed.
	 */
	Optional<Readings> measure(PeerDisturbance disturbance, Path directory) {
		if (this.command.isEmpty()) {
			return Optional.empty();
		}
		List<String> line = new ArrayList<>(this.command);
		line.add(disturbance.label());
		Command run = Command.run(directory, "", line);
		String last = run.output().lines().reduce("", (before, next) -> next);
		if (run.status() != 0 || !last.startsWith("{")) {
			throw new IllegalStateException("%s ended with %d: %s".formatted(line, run.status(), run.output()));
		}
		return Optional.of(JsonMapper.shared().readValue(last, Readings.class));
	}

	/** Return the versions of the installed peers that are not listed elsewhere. */
	static String versions(Path directory) throws IOException {
		List<String> versions = new ArrayList<>();
		addVersion(versions, directory, "Node", "node");
		for (String module : List.of("fastify", "@fastify/under-pressure")) {
			Path file = NODE_MODULES.resolve(module).resolve("package.json");
			if (Files.exists(file)) {
				JsonNode description = JsonMapper.shared().readTree(file);
				versions.add(module + " " + description.get("version").asString());
			}
		}
		File[] jars = VERTX.toFile().listFiles((parent, name) -> name.matches("vertx-core-\\d.*\\.jar"));
		if (jars != null && jars.length > 0) {
			versions.add(jars[0].getName().replaceFirst("core-(.*)\\.jar", "core $1"));
		}
		String micrometer = MeterRegistry.class.getPackage().getImplementationVersion();
		if (micrometer != null) {
			versions.add("Micrometer " + micrometer);
		}
		addVersion(versions, directory, "Python", "python3");
		return String.join(", ", versions);
	}

	private static void addVersion(List<String> versions, Path directory, String title, String program) {
		Program.find(program)
			.map((path) -> Command.run(directory, "", List.of(path.toString(), "--version")).output().strip())
			.ifPresent((version) -> versions.add(title + " " + version.replaceFirst("[^\\d]*", "")));
	}

	/**
	 * What the tool reports.
	 *
	 * @param during in the middle of the disturbance; empty if it cannot be read
	 * @param after a second after the end of the disturbance
	 */
	record Readings(String during, String after) {
	}

	/**
	 * A single disturbance of a loop.
	 */
	enum PeerDisturbance {

		/** A stall that only users notice. */
		STALL_50("a stall of 50 ms", 50),

		/** An ordinary stall. */
		STALL_500("of 500 ms", 500),

		/** A stall such as a call without a timeout causes. */
		STALL_5000("of 5 s", 5_000),

		/** A long iteration in which no single task is long. */
		FLOOD("5,000 tasks of 0.1 ms at once", 500),

		/**
		 * A pause of the whole process: nothing blocks the loop, but all timers fire
		 * late.
		 */
		PAUSE("the process is stopped for 1 s", 1_000);

		private final String title;

		private final long millis;

		PeerDisturbance(String title, long millis) {
			this.title = title;
			this.millis = millis;
		}

		/** Return the title of its column. */
		String title() {
			return this.title;
		}

		long millis() {
			return this.millis;
		}

		/** Return its name in the programs of the peers. */
		String label() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

		void begin(Executor loop) {
			switch (this) {
				case FLOOD -> {
					for (int i = 0; i < 5_000; i++) {
						loop.execute(() -> Pause.spin(100_000));
					}
				}
				case PAUSE -> stopThisProcess();
				default -> loop.execute(() -> Pause.spin(this.millis * 1_000_000));
			}
		}

		/** A child process survives the stop, and resumes this one. */
		private static void stopThisProcess() {
			long pid = ProcessHandle.current().pid();
			try {
				new ProcessBuilder("sh", "-c", "kill -STOP %1$d; sleep 1; kill -CONT %1$d".formatted(pid)).start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
