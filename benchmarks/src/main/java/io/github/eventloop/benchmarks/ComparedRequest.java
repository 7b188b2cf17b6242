package io.github.eventloop.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests that a {@link ComparedApplication} is loaded with, and what it takes to
 * answer them.
 */
enum ComparedRequest {

	/** The lowest possible cost of a request. */
	HELLO("HTTP/1.1", "http", "/hello", "--h1"),

	/** The same over TLS. */
	TLS("HTTP/1.1 over TLS", "https", "/hello", "--h1"),

	/** The same as a stream of HTTP/2. */
	HTTP2("HTTP/2 over TLS", "https", "/hello"),

	/** A request that Spring Cloud Gateway forwards on the same loop. */
	PROXIED("HTTP/1.1, forwarded by Spring Cloud Gateway", "http", "/proxied", "--h1");

	private static final String PASSWORD = "password";

	private static final String ROUTE = "--spring.cloud.gateway.server.webflux.routes[0].";

	private final String title;

	private final String scheme;

	private final String path;

	@SuppressWarnings("ImmutableEnumChecker") // the list is
	private final List<String> h2load;

	ComparedRequest(String title, String scheme, String path, String... h2load) {
		this.title = title;
		this.scheme = scheme;
		this.path = path;
		this.h2load = List.of(h2load);
	}

	/** Return the title of the request in tables. */
	String title() {
		return this.title;
	}

	/** Return the options of h2load that select the protocol. */
	List<String> h2load() {
		return this.h2load;
	}

	/** Return the address of a resource of a server. */
	String url(int port, String path) {
		return this.scheme + "://127.0.0.1:" + port + path;
	}

	/** Return the address that is requested from a server. */
	String url(int port) {
		return url(port, this.path);
	}

	/** Return the class path of the servers. */
	String classPath() {
		if (this != PROXIED) {
			return System.getProperty("java.class.path");
		}
		Path gateway = Program.TOOLS.resolve("gateway");
		if (!Files.isDirectory(gateway)) {
			throw new IllegalStateException(
					gateway + " does not exist. Create it with 'benchmarks/install gateway', or use 'benchmarks/run'");
		}
		return Application.classPathWith(gateway);
	}

	/**
	 * Return the arguments of the servers.
	 * @param directory where to create a key store
	 * @param backend the port that requests are forwarded to
	 */
	List<String> arguments(Path directory, int backend) {
		List<String> arguments = new ArrayList<>();
		if (this == TLS || this == HTTP2) {
			arguments.addAll(List.of("--server.ssl.key-store=" + keyStore(directory),
					"--server.ssl.key-store-password=" + PASSWORD, "--server.http2.enabled=" + (this == HTTP2)));
		}
		if (this == PROXIED) {
			arguments.addAll(List.of("--spring.cloud.compatibility-verifier.enabled=false", ROUTE + "id=proxied",
					ROUTE + "uri=http://127.0.0.1:" + backend, ROUTE + "predicates[0]=Path=" + this.path));
		}
		return arguments;
	}

	private static Path keyStore(Path directory) {
		Path store = directory.toAbsolutePath().resolve("key-store.p12");
		if (!Files.exists(store)) {
			Command created = Command.run(directory, "",
					List.of(Program.jdk("keytool"), "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname",
							"CN=localhost", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
							PASSWORD));
			if (created.status() != 0) {
				throw new IllegalStateException("Could not create a key store:\n" + created.output());
			}
		}
		return store;
	}

}
