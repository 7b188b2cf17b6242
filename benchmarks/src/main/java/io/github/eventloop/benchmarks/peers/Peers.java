package io.github.eventloop.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.eventloop.benchmarks.process.Program;

/**
 * The tools that are compared, and how to start each of them.
 *
 * @param directory the directory for their programs
 */
record Peers(Path directory) {

	List<Peer> all() {
		return List.of(netty("eventloop: the snapshot of its monitor", NettyPeer.EVENTLOOP),
				netty("Netty: utilization, every second", NettyPeer.UTILIZATION),
				netty("Micrometer: pending tasks of Netty", NettyPeer.PENDING),
				netty("a probe on the loop every 20 ms", NettyPeer.PROBE),
				node("Node: `monitorEventLoopDelay`, 20 ms", "delay"),
				node("Node: `eventLoopUtilization`", "utilization"), underPressure(), vertx(), asyncio());
	}

	private Peer netty(String name, String tool) {
		return new Peer(name, Optional.of((disturbance) -> List.of(java(), "-XX:+UseSerialGC", "-Xmx128m", "-cp",
				classPath(), NettyPeer.class.getName(), tool, disturbance.name())));
	}

	private Peer node(String name, String tool) {
		Path modules = Program.tools().resolve("under-pressure/node_modules");
		return new Peer(name,
				Program.find("node")
					.map((node) -> (disturbance) -> List.of("env", "NODE_PATH=" + modules, node.toString(),
							program("peer.cjs"), tool, disturbance.label())));
	}

	private Peer underPressure() {
		Peer peer = node("`@fastify/under-pressure`: response of the server", "under-pressure");
		boolean installed = Files.isDirectory(Program.tools().resolve("under-pressure/node_modules/fastify"));
		return installed ? peer : new Peer(peer.name(), Optional.empty());
	}

	private Peer vertx() {
		Path jars = Program.tools().resolve("vertx");
		String name = "Vert.x: the blocked thread checker";
		return new Peer(name,
				Files.isDirectory(jars) ? Optional.of((disturbance) -> List.of(java(), "-cp",
						jars.resolve("*").toString(), program("VertxPeer.java"), disturbance.label()))
						: Optional.empty());
	}

	private Peer asyncio() {
		return new Peer("asyncio: debug mode", Program.find("python3")
			.map((python) -> (disturbance) -> List.of(python.toString(), program("peer.py"), disturbance.label())));
	}

	/** Absolute paths, because a peer runs in another directory. */
	private static String classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	private String program(String name) {
		Path file = this.directory.resolve(name);
		try (InputStream resource = Objects.requireNonNull(Peers.class.getResourceAsStream(name), name)) {
			Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
			return file.toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
