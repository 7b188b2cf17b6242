package io.github.eventloop.faults;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link FaultyApplication} in a JVM of its own.
 */
final class ForkedApplication implements AutoCloseable {

	/** The same setting as for the tests of this build. */
	private static final String KEEP_READING = "-Dreactor.netty.http.server.lastFlushWhenNoRead=true";

	private final Process process;

	private final Path output;

	private final int port;

	private ForkedApplication(Process process, Path output, Path portFile) {
		this.process = process;
		this.output = output;
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.failFast(() -> assertThat(process.isAlive()).as(this::output).isTrue())
			.until(() -> Files.exists(portFile));
		try {
			this.port = Integer.parseInt(Files.readString(portFile));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot read " + portFile, ex);
		}
	}

	/**
	 * Start the application.
	 * @param directory the directory of its port file
	 * @param output the file that its output is redirected to
	 * @param arguments options of the JVM, then properties
	 */
	static ForkedApplication start(Path directory, Path output, String... arguments) throws IOException {
		return start(directory, output, directory, arguments);
	}

	static ForkedApplication start(Path directory, Path output, Path workingDirectory, String... arguments)
			throws IOException {
		Path portFile = directory.resolve("port");
		Process process = launch(FaultyApplication.class, output, workingDirectory,
				Stream.concat(Stream.of("-D" + FaultyApplication.PORT_FILE + "=" + portFile), Arrays.stream(arguments))
					.toArray(String[]::new));
		try {
			return new ForkedApplication(process, output, portFile);
		}
		catch (RuntimeException | Error ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	/**
	 * Start a class in a JVM of its own, with the class path of this JVM.
	 * @param main the class
	 * @param output the file that its output is redirected to
	 * @param workingDirectory its working directory
	 * @param arguments options of the JVM, then arguments, which start with two dashes
	 */
	static Process launch(Class<?> main, Path output, Path workingDirectory, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", KEEP_READING, "-cp", classPath()));
		Arrays.stream(arguments).filter((argument) -> !argument.startsWith("--")).forEach(command::add);
		command.add(main.getName());
		Arrays.stream(arguments).filter((argument) -> argument.startsWith("--")).forEach(command::add);
		Process process = new ProcessBuilder(command).directory(workingDirectory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		// For tests that fail before they can close the application.
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		return process;
	}

	private static String classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
	}

	/** Return a client with a connection of its own. */
	Client client() {
		return Client.of(this.port);
	}

	/** Return a plain connection. */
	Socket connect() throws IOException {
		return new Socket(InetAddress.getLoopbackAddress(), this.port);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	void signal(String signal) throws IOException, InterruptedException {
		signal(this.process, signal);
	}

	static void signal(Process process, String signal) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor()).isZero();
	}

	String output() {
		try {
			return Files.isRegularFile(this.output) ? Files.readString(this.output) : "(none)";
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
