package io.github.eventloop.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * HAProxy as a stand-in for a Kubernetes Service: at layer 4 ({@code mode tcp}), so that
 * an instance that is not ready gets no new connections and keeps its open ones, with the
 * readiness probe as its health check. Thread-safe.
 */
public final class Haproxy implements AutoCloseable {

	private static final Pattern CONNECT = Pattern.compile("connect (\\d+) (\\S+) (\\d+)\\.(\\d+)");

	private final ChildProcess process;

	private final int port;

	private final int statsPort;

	private Haproxy(ChildProcess process, int port, int statsPort) {
		this.process = process;
		this.port = port;
		this.statsPort = statsPort;
	}

	/**
	 * Find the program.
	 * @return its path, or empty if it is not installed
	 */
	public static Optional<Path> program() {
		return Program.find("haproxy");
	}

	/**
	 * Start HAProxy in front of instances, and wait until it considers all of them ready.
	 * @param instances the instances, balanced round-robin by connection
	 * @param probe the readiness probe
	 * @param directory the directory for its configuration and log
	 * @return the balancer
	 * @throws IllegalStateException if it is not installed or does not start
	 */
	public static Haproxy start(List<Instance> instances, Probe probe, Path directory) {
		Path program = program().orElseThrow(() -> new IllegalStateException(
				"haproxy is not installed. Install it, for example with 'benchmarks/install haproxy'"));
		int port = freePort();
		int statsPort = freePort();
		try {
			Path configuration = directory.resolve("haproxy.cfg");
			Files.createDirectories(directory);
			Files.writeString(configuration, configuration(instances, probe, port, statsPort));
			ChildProcess process = ChildProcess.start("haproxy", directory.resolve("haproxy.log"),
					List.of(program.toString(), "-db", "-f", configuration.toString()));
			Haproxy haproxy = new Haproxy(process, port, statsPort);
			haproxy.awaitReady(instances);
			return haproxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String configuration(List<Instance> instances, Probe probe, int port, int statsPort) {
		List<String> lines = new ArrayList<>();
		lines.add("""
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
				    http-check send meth GET uri %s ver HTTP/1.1 hdr Host localhost hdr Connection close
				    http-check expect rstatus ^2
				    timeout check %dms
				    default-server check inter %dms fall %d rise %d""".formatted(statsPort, port, probe.path(),
				probe.timeout().toMillis(), probe.period().toMillis(), probe.failureThreshold(),
				probe.successThreshold()));
		for (Instance instance : instances) {
			lines.add("    server %s 127.0.0.1:%d port %d".formatted(instance.name(), instance.port(),
					instance.managementPort()));
		}
		return String.join("\n", lines) + "\n";
	}

	private void awaitReady(List<Instance> instances) {
		try {
			long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
			while (!this.process.isAlive() || !areReady(instances)) {
				if (!this.process.isAlive() || System.nanoTime() > end) {
					throw new IllegalStateException("haproxy " + (this.process.isAlive()
							? "found instances not ready: " + servers() : "ended: " + this.process.output()));
				}
				Pause.of(Duration.ofMillis(100));
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	private boolean areReady(List<Instance> instances) {
		Map<String, Server> servers = servers();
		return instances.stream().allMatch((instance) -> {
			Server server = servers.get(instance.name());
			return server != null && server.ready() && server.checked();
		});
	}

	/**
	 * Return the port that clients connect to.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return the URL of a resource behind the balancer.
	 * @param path path and query
	 * @return the URL
	 */
	public String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

	/**
	 * Query the state of the instances.
	 * @return the state of each, by name; empty if the balancer does not answer
	 */
	public Map<String, Server> servers() {
		Map<String, Server> servers = new HashMap<>();
		List<String> header = List.of();
		for (String line : command("show stat").lines().toList()) {
			List<String> fields = List.of(line.split(",", -1));
			if (line.startsWith("# ")) {
				header = List.of(line.substring(2).split(",", -1));
			}
			else if (line.startsWith("instances,") && !line.startsWith("instances,BACKEND,")) {
				servers.put(fields.get(1), Server.of(header, fields));
			}
		}
		return servers;
	}

	/**
	 * Return the instances that connections were assigned to.
	 * @return the connections so far
	 */
	public Connections connections() {
		Connections connections = new Connections();
		CONNECT.matcher(this.process.output()).results().forEach((line) -> {
			long epochMillis = Long.parseLong(line.group(3)) * 1000 + Long.parseLong(line.group(4));
			connections.add(Integer.parseInt(line.group(1)), epochMillis, line.group(2));
		});
		return connections;
	}

	private String command(String command) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.statsPort)) {
			socket.setSoTimeout(2000);
			socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static int freePort() {
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
	 * A readiness probe, in terms of Kubernetes.
	 *
	 * @param path the path of the probe, on the management port of an instance
	 * @param period {@code periodSeconds}
	 * @param timeout {@code timeoutSeconds}
	 * @param failureThreshold consecutive failures until an instance counts as not ready
	 * @param successThreshold consecutive successes until an instance counts as ready
	 */
	public record Probe(String path, Duration period, Duration timeout, int failureThreshold, int successThreshold) {

		/**
		 * Return the probe that the documentation recommends.
		 * @return every 2 seconds, with a timeout of 1 second; 2 failures, 1 success
		 */
		public static Probe readiness() {
			return new Probe("/actuator/health/readiness", Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 1);
		}

	}

	/**
	 * An instance as seen by the balancer.
	 *
	 * @param ready whether it gets new connections
	 * @param checked whether it has answered a check yet
	 * @param connections the number of open connections
	 * @param accepted the number of connections so far
	 */
	public record Server(boolean ready, boolean checked, long connections, long accepted) {

		private static Server of(List<String> header, List<String> fields) {
			String check = fields.get(header.indexOf("check_status"));
			// 'UP 1/2' is ready, with one failure already.
			return new Server(fields.get(header.indexOf("status")).startsWith("UP"),
					!check.isEmpty() && !check.contains("INI"), Long.parseLong(fields.get(header.indexOf("scur"))),
					Long.parseLong(fields.get(header.indexOf("stot"))));
		}

	}

}
