package io.github.eventloop.benchmarks.neighbours;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.benchmarks.Application;
import io.github.eventloop.benchmarks.Http;
import io.github.eventloop.benchmarks.Instance;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An application in Kotlin, whose handlers are coroutines. It is compiled here, so that
 * the build needs no compiler of Kotlin.
 */
@Timeout(300)
class KotlinIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Path SOURCE = Program.ROOT
		.resolve("benchmarks/src/test/kotlin/io/github/eventloop/benchmarks/neighbours/KotlinApplication.kt");

	@TempDir
	private static Path directory;

	private static Instance application;

	@BeforeAll
	static void start() throws IOException, InterruptedException {
		Path libraries = Program.TOOLS.resolve("kotlin");
		assumeTrue(Files.isDirectory(libraries), "Needs Kotlin: benchmarks/install kotlin");
		Path classes = directory.resolve("classes");
		String classPath = Application.classPathWith(libraries);
		compile(libraries, classPath, classes);
		application = Application
			.of("io.github.eventloop.benchmarks.neighbours.KotlinApplicationKt",
					classes + File.pathSeparator + classPath)
			.property("management.endpoint.eventloop.show-details", "always")
			.property("eventloop.blocking.detector", "jfr")
			.start("kotlin", directory);
		// The first requests load classes, whose stalls are not those of the handlers.
		Stream.of("/router", "/sleep", "/nested", "/resumed", "/run-blocking", "/flow", "/delay")
			.forEach(KotlinIT::get);
	}

	private static void compile(Path libraries, String classPath, Path classes)
			throws IOException, InterruptedException {
		Path log = directory.resolve("kotlinc.log");
		Process compiler = new ProcessBuilder(Program.jdk("java"), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp",
				libraries + "/*", "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-jvm-target", "17",
				"-cp", classPath, "-d", classes.toString(), SOURCE.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		assertThat(compiler.waitFor()).as(Files.readString(log)).isZero();
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "/sleep, SLEEPING, Prices.sleeping(KotlinApplication.kt:42), delay()",
			"/nested, SLEEPING, Prices.nested (coroutine)(KotlinApplication.kt:48), delay()",
			"/resumed, SLEEPING, Prices.sum(KotlinApplication.kt:60), delay()",
			"/run-blocking, WAITING, Prices.blocking(KotlinApplication.kt:65), Make the function suspend",
			"/flow, SLEEPING, Prices.flowing (coroutine)(KotlinApplication.kt:72), delay()",
			"/router, SLEEPING, KotlinApplication.routes (coroutine)(KotlinApplication.kt:30), delay()" })
	void stallShouldNameTheLineAndTheCure(String path, String cause, String culprit, String advice) {
		get(path);
		Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> assertThat(stalls()).anySatisfy((stall) -> {
			assertThat(stall.path("cause").asString()).isEqualTo(cause);
			assertThat(frame(stall.path("culprit"))).endsWith("." + culprit);
			assertThat(stall.path("route").asString()).isEqualTo(path);
			assertThat(stall.path("advice").asString()).contains(advice);
		}));
	}

	@Test
	void delayShouldNotStallTheLoop() {
		get("/delay");
		get("/sleep");
		assertThat(stalls()).noneSatisfy(
				(stall) -> assertThat(stall.path("culprit").path("methodName").asString()).contains("delaying"));
	}

	@Test
	void blockingCallShouldHaveTheFileOfItsLine() {
		get("/sleep");
		Awaitility.await()
			.atMost(TIMEOUT)
			.untilAsserted(() -> assertThat(application.eventLoops("/blocking").toString()).contains("sleeping"));
		assertThat(application.eventLoops("/blocking").toString()).contains("KotlinApplication.kt")
			.doesNotContain("Prices.java");
	}

	private static String frame(JsonNode culprit) {
		return culprit.path("className").asString() + "." + culprit.path("methodName").asString() + "("
				+ culprit.path("fileName").asString() + ":" + culprit.path("lineNumber").asString() + ")";
	}

	private static List<JsonNode> stalls() {
		return application.eventLoops("/stalls").path("stalls").valueStream().toList();
	}

	private static void get(String path) {
		assertThat(Http.get(application.url(path))).isEqualTo(path.substring(1));
	}

}
