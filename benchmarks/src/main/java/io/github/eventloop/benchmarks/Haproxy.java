package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;

/**
 * HAProxy in front of instances, balanced round-robin by connection, with their readiness
 * as its health check. Thread-safe.
 */
final class Haproxy implements AutoCloseable {

	private static final Pattern CONNECT = Pattern.compile("connect (\\d+) (\\S+) (\\d+)\\.(\\d+)");

	private final ChildProcess process;

	private final int port;

	private final int statsPort;

	/**
	 * Start it, and wait until it considers all instances ready.
	 */
	Haproxy(List<Instance> instances, Path directory) throws IOException {
		this.port = freePort();
		this.statsPort = freePort();
		Path configuration = directory.resolve("haproxy.cfg");
		Files.writeString(configuration, configuration(instances));
		this.process = ChildProcess.start("haproxy", directory,
				List.of(Program.path("haproxy"), "-db", "-f", configuration.toString()));
		Set<String> names = instances.stream().map(Instance::name).collect(Collectors.toSet());
		try {
			Awaitility.await("readiness of all instances")
				.atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.until(() -> ready().equals(names));
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/** The probe is the one that the documentation recommends for Kubernetes. */
	private String configuration(List<Instance> instances) {
		return """
				global
				    log stdout format raw local0
				    stats socket ipv4@127.0.0.1:%d level user
				    nbthread 1
				    # The kubelets of several nodes do not probe all instances at the same instant either.
				    spread-checks 20
				defaults
				    mode tcp
				    timeout connect 2s
				    timeout client 1h
				    timeout server 1h
				    # Like a Service, do not send a connection that an instance does not accept to another one.
				    retries 0
				frontend clients
				    bind 127.0.0.1:%d
				    # Log the instance of each connection as soon as it is established.
				    option logasap
				    log global
				    log-format "connect %%cp %%s %%Ts.%%ms"
				    default_backend instances
				backend instances
				    balance roundrobin
				    option httpchk
				    http-check send meth GET uri /actuator/health/readiness ver HTTP/1.1 hdr Host localhost hdr Connection close
				    http-check expect rstatus ^2
				    timeout check 1s
				    default-server check inter 2s fall 2 rise 1
				%s
				"""
			.formatted(this.statsPort, this.port,
					instances.stream()
						.map((instance) -> "    server %s 127.0.0.1:%d port %d".formatted(instance.name(),
								instance.port(), instance.managementPort()))
						.collect(Collectors.joining("\n")));
	}

	/** Return the URL of a resource behind the balancer. */
	String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

	/**
	 * Query which instances get new connections, because they have passed their checks.
	 */
	Set<String> ready() throws IOException {
		Set<String> ready = new TreeSet<>();
		List<String> header = List.of();
		for (String line : stats().lines().toList()) {
			List<String> fields = List.of(line.split(",", -1));
			if (line.startsWith("# ")) {
				header = List.of(line.substring(2).split(",", -1));
			}
			// 'UP 1/2' is ready, with one failure already. Before the first check, all
			// are 'UP'.
			else if (line.startsWith("instances,") && fields.get(header.indexOf("status")).startsWith("UP")
					&& !fields.get(header.indexOf("check_status")).matches("(.*INI)?")) {
				ready.add(fields.get(1));
			}
		}
		return ready;
	}

	/** Return the instances that connections were assigned to so far. */
	Connections connections() {
		Connections connections = new Connections();
		CONNECT.matcher(this.process.output()).results().forEach((line) -> {
			long epochMillis = Long.parseLong(line.group(3)) * 1000 + Long.parseLong(line.group(4));
			connections.add(Integer.parseInt(line.group(1)), epochMillis, line.group(2));
		});
		return connections;
	}

	private String stats() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.statsPort)) {
			socket.setSoTimeout(2000);
			socket.getOutputStream().write("show stat\n".getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.close();
	}

	/**
	 * The instances that a balancer assigned connections to. Not thread-safe.
	 */
	static final class Connections {

		/** Used instead of the name of an instance if no instance was available. */
		static final String NO_INSTANCE = "none";

		/** The balancer does not update its clock while it handles a batch of events. */
		private static final long SLACK_MILLIS = 50;

		private final Map<Integer, NavigableMap<Long, String>> byPort = new HashMap<>();

		/** Record a connection that was accepted from a port of the client. */
		void add(int clientPort, long epochMillis, String instance) {
			this.byPort.computeIfAbsent(clientPort, (port) -> new TreeMap<>())
				.put(epochMillis, instance.startsWith("<") ? NO_INSTANCE : instance);
		}

		/**
		 * Return the instance of a connection. Ports are reused, so a time is needed at
		 * which the connection was open, or had just been closed.
		 */
		String instance(int clientPort, long epochMillis) {
			NavigableMap<Long, String> uses = this.byPort.get(clientPort);
			Map.Entry<Long, String> last = (uses != null) ? uses.floorEntry(epochMillis + SLACK_MILLIS) : null;
			return (last != null) ? last.getValue() : NO_INSTANCE;
		}

	}

}
