package io.github.eventloop.stall.internal.advice;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.StallRig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for advice that applications add in an {@code advice.txt} of their own.
 */
class AddedAdviceTests {

	private final List<String> warnings = new ArrayList<>();

	@TempDir
	private Path directory;

	@Test
	@Timeout(60)
	void whenEntryIsOnClassPathShouldApplyToStall() {
		try (StallRig rig = new StallRig(1)) {
			Stall stall;
			do {
				// On a busy machine the loop may also stall for another reason.
				stall = rig.stall(AddedAdviceTests::pause);
			}
			while (stall.cause() != StallCause.SLEEPING);
			assertThat(stall.advice()).isEqualTo("Ask the test that added this entry.");
		}
	}

	private static void pause() {
		try {
			Thread.sleep(250);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void addedEntryShouldTakePrecedenceOverBuiltIn() throws IOException {
		Advice advice = load("""
				BLOCKING_IO, WAITING in
				    java.net.Socket
				-> Use the
				   company's client.
				""");
		assertThat(on(advice, StallCause.BLOCKING_IO, "java.net.Socket", "connect"))
			.isEqualTo("Use the company's client.");
		assertThat(on(advice, StallCause.WAITING, "java.net.Socket$SocketInputStream", "read"))
			.isEqualTo("Use the company's client.");
		assertThat(on(advice, StallCause.LOCK, "java.net.Socket", "connect")).contains("TcpClient");
		assertThat(this.warnings).isEmpty();
	}

	@Test
	void entryWithoutNamesShouldApplyWhenNoOtherMatches() throws IOException {
		Advice advice = load("""
				# a comment

				COMPUTING
				-> Ask the platform team.
				""");
		assertThat(on(advice, StallCause.COMPUTING, "com.acme.Shop", "show")).isEqualTo("Ask the platform team.");
		assertThat(on(advice, StallCause.COMPUTING, "java.util.regex.Matcher", "find")).contains("pattern");
	}

	@Test
	void underEntryShouldBeAppendedToOtherAdvice() throws IOException {
		Advice advice = load("""
				SLEEPING under
				    com.acme.Shop.open
				-> The shop is closed until then.
				""");
		assertThat(advice.on(StallCause.SLEEPING, new Culprit("com.acme.Till", "count", null, null),
				new StackTraceElement[] { frame("java.lang.Thread", "sleep"), frame("com.acme.Till", "count"),
						frame("com.acme.Shop", "open") },
				Set.of()))
			.matches("Wait with a timer.*\\. The shop is closed until then\\.");
	}

	@Test
	void ifEntryShouldApplyWhenFactIsKnown() throws IOException {
		Advice advice = load("""
				COMPUTING, STARVED if
				    CPU limit
				    other processes
				-> Ask the team that owns the cluster.

				STARVED if
				    one connection
				-> Ask the team that owns the client.
				""");
		StackTraceElement[] stack = { frame("java.util.regex.Matcher", "find") };
		assertThat(advice.on(StallCause.COMPUTING, null, stack, Set.of("other processes", "one connection")))
			.isEqualTo("Ask the team that owns the cluster.");
		assertThat(advice.on(StallCause.STARVED, null, stack, Set.of("one connection")))
			.isEqualTo("Ask the team that owns the client.");
		assertThat(advice.on(StallCause.STARVED, null, stack, Set.of("other threads of this process")))
			.contains("smaller");
		assertThat(advice.on(StallCause.COMPUTING, null, stack, Set.of())).contains("pattern");
		assertThat(advice.on(StallCause.COMPUTING, null, stack, Set.of("one connection"))).contains("pattern");
	}

	@Test
	void entriesOfSeveralFilesShouldAllApply() throws IOException {
		Advice advice = load("WAITING in\n com.acme.one\n-> Do one.", "WAITING in\n com.acme.two\n-> Do two.");
		assertThat(on(advice, StallCause.WAITING, "com.acme.one.Client", "get")).isEqualTo("Do one.");
		assertThat(on(advice, StallCause.WAITING, "com.acme.two.Client", "get")).isEqualTo("Do two.");
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"SLEPING in\n com.acme\n-> Do.;'SLEPING' is not the cause of a stall: must be one of [COMPUTING,",
			"sleeping in\n com.acme\n-> Do.;'sleeping' is not the cause",
			"WAITING below\n com.acme\n-> Do.;'WAITING below' is not a valid first line of an entry: expected",
			"WAITING; LOCK in\n com.acme\n-> Do.;'WAITING; LOCK in' is not a valid first line",
			"WAITING in\n-> Do.;'WAITING in' must be followed by the names",
			"WAITING\n com.acme\n-> Do.;after the causes, such as 'WAITING in'",
			"WAITING in\n com.acme.Shop#load\n-> Do.;'com.acme.Shop#load' is not the name",
			"WAITING in\n com.acme.*\n-> Do.;'com.acme.*' is not the name",
			"WAITING in\n com.acme.Shop.load()\n-> Do.;'com.acme.Shop.load()' is not the name",
			"STARVED if\n swap space\n-> Do.;'swap space' is not a fact about a stall: must be one of [one connection",
			"STARVED if\n-> Do.;'STARVED if' must be followed by facts",
			"STARVED in\n CPU limit\n-> Do.;'CPU limit' is not the name",
			"WAITING in\n com.acme;an entry must end with '->' and a sentence",
			"WAITING in\n com.acme\n->;an entry must end with '->' and a sentence",
			"-> Do.;an entry must start with the causes", " com.acme;an entry must start with the causes" })
	void whenEntryIsInvalidShouldIgnoreItAndSayWhy(String fileAndProblem) throws IOException {
		int separator = fileAndProblem.lastIndexOf(';');
		Advice advice = load("# first\nLOCK in\n com.acme\n-> Valid.\n\n",
				"\n# second\n" + fileAndProblem.substring(0, separator) + "\n\nGC\n-> Valid too.");
		assertThat(this.warnings).singleElement()
			.asString()
			.contains("second/META-INF/eventloop/advice.txt, line 3: ", fileAndProblem.substring(separator + 1));
		assertThat(on(advice, StallCause.LOCK, "com.acme.Shop", "load")).isEqualTo("Valid.");
		assertThat(on(advice, StallCause.GC, "com.acme.Shop", "load")).isEqualTo("Valid too.");
		assertThat(on(advice, StallCause.WAITING, "com.acme.Shop", "load")).contains("flatMap");
	}

	@Test
	void whenFileIsNotTextShouldIgnoreIt() throws IOException {
		Advice advice = load(
				new String(new byte[] { 0, (byte) 0xFF, '\n', 27, '-', '>' }, StandardCharsets.ISO_8859_1));
		assertThat(this.warnings).isNotEmpty();
		assertThat(on(advice, StallCause.SLEEPING, "java.lang.Thread", "sleep")).contains("Mono.delay");
	}

	private Advice load(String... contents) throws IOException {
		List<URL> roots = new ArrayList<>();
		for (String content : contents) {
			Path root = this.directory.resolve(roots.isEmpty() ? "first" : "second");
			Path file = root.resolve(Advice.ADDED_RESOURCE);
			Files.createDirectories(file.getParent());
			Files.writeString(file, content);
			roots.add(url(root));
		}
		try (URLClassLoader classLoader = new URLClassLoader(roots.toArray(URL[]::new),
				Advice.class.getClassLoader())) {
			return Advice.load(classLoader, this.warnings::add);
		}
	}

	private static URL url(Path path) throws MalformedURLException {
		return path.toUri().toURL();
	}

	private static String on(Advice advice, StallCause cause, String className, String methodName) {
		return advice.on(cause, null, new StackTraceElement[] { frame(className, methodName) }, Set.of());
	}

	private static StackTraceElement frame(String className, String methodName) {
		return new StackTraceElement(className, methodName, "Some.java", 1);
	}

}
