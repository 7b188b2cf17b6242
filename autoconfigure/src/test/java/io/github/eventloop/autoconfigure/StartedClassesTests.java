package io.github.eventloop.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.internal.thread.LogThread;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the classes that the library loads while an application starts, which are
 * most of what it adds to the start. They are counted in a JVM of its own, because that
 * does not depend on the speed of the machine.
 */
class StartedClassesTests {

	/**
	 * Includes what all supported drivers require, and what the monitor thread loads in
	 * its first seconds, which a slow machine reaches before the application has started.
	 */
	private static final int MAX_CLASSES = 320;

	/** Each costs as much as a class, because the JVM generates one for it. */
	private static final int MAX_LAMBDAS = 130;

	private static final Pattern LAMBDA = Pattern.compile(" io\\.github\\.eventloop\\.\\S+\\$\\$Lambda");

	private static final Pattern CLASS = Pattern.compile(" io\\.github\\.eventloop\\.((?!\\$\\$)\\S)+ ");

	private static final Pattern OF_DRIVER = Pattern.compile(" io\\.github\\.eventloop\\.\\S*(Grpc|Lettuce|Mongo)");

	private static final Pattern DRIVER = Pattern.compile("lettuce|redis|grpc|mongo");

	private static List<String> starting;

	private static List<String> afterwards;

	@BeforeAll
	static void start() throws IOException, InterruptedException {
		List<String> output = run(System.getProperty("java.class.path"));
		starting = output.subList(0, output.indexOf(Application.STARTED));
		afterwards = output.subList(output.indexOf(Application.STARTED), output.indexOf(Application.READY));
	}

	private static List<String> run(String classPath) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xlog:class+load", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
				"-cp", classPath, Application.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
			.toList();
		assertThat(process.waitFor()).isZero();
		assertThat(output).contains(Application.STARTED, Application.READY);
		return output;
	}

	@Test
	void whenApplicationStartsShouldLoadFewClasses() {
		assertThat(ofLibrary(CLASS)).contains(" io.github.eventloop.monitor.EventLoopMonitor ")
			.hasSizeBetween(100, MAX_CLASSES);
	}

	@Test
	void whenApplicationStartsShouldGenerateFewLambdas() {
		assertThat(ofLibrary(LAMBDA)).hasSizeBetween(10, MAX_LAMBDAS);
	}

	private static List<String> ofLibrary(Pattern names) {
		return starting.stream()
			.filter((line) -> !line.contains("test-classes") && !line.contains(StartedClassesTests.class.getName()))
			.flatMap((line) -> names.matcher(line).results())
			.map((match) -> match.group())
			.toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "actuate.internal.EndpointRequests$Writers", "actuate.internal.EndpointRuntimeHints",
			"actuate.internal.HistoryDescriptor", "actuate.internal.LiveDescriptor", "actuate.internal.LivePage",
			"blocking.internal.JfrBlockingDetector", "blocking.internal.BlockHoundBlockingDetector",
			"jfr.internal.Captures", "jfr.internal.SliceEvent", "kubernetes.internal.KubernetesReadinessGate",
			"netty.internal.StreamPacer", "shedding.internal.AdaptiveLimit", "stall.internal.advice.AdviceFile",
			"stall.internal.cause.Diagnosis" })
	void whenApplicationStartsShouldNotLoadWhatItDoesNotNeed(String name) {
		assertThat(starting).noneMatch((line) -> line.contains(" io.github.eventloop." + name + " "));
	}

	@Test
	void whenThereIsNoDriverShouldLoadNothingForIt() throws IOException, InterruptedException {
		String withoutDrivers = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.filter((entry) -> !DRIVER.matcher(entry).find())
			.collect(Collectors.joining(File.pathSeparator));
		assertThat(run(withoutDrivers)).noneMatch((line) -> OF_DRIVER.matcher(line).find());
		assertThat(starting).anyMatch((line) -> OF_DRIVER.matcher(line).find());
	}

	/** Only the problems of the endpoint need writers that are not the application's. */
	@Test
	void whenApplicationStartsShouldNotCreateMessageWriters() {
		assertThat(starting).noneMatch((line) -> line.contains("web.reactive.function.server.HandlerStrategies "));
	}

	@Test
	void whenApplicationStartsShouldNotLoadFlightRecorder() {
		assertThat(starting).filteredOn((line) -> line.contains(" jdk.jfr.")).hasSizeLessThan(40);
	}

	/**
	 * Otherwise the first stall would wait for them on a busy machine. The class is that
	 * of a switch, which the JVM loads when it evaluates a sample.
	 */
	@Test
	void whenThereAreLoopsShouldLoadWhatSamplesNeed() {
		assertThat(Stream.concat(starting.stream(), afterwards.stream()))
			.anyMatch((line) -> line.contains(" io.github.eventloop.stall.internal.sample.ThreadSampler$1 "));
	}

	@Test
	void whenApplicationIsReadyShouldLoadAdvice() {
		assertThat(afterwards)
			.anyMatch((line) -> line.contains(" io.github.eventloop.stall.internal.advice.AdviceFile "));
	}

	/**
	 * Reports when it has started, and when what the library does afterwards is done.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		static final String STARTED = "The application has started.";

		static final String READY = "The library is ready.";

		private static final long SECONDS = 60;

		/** No stalls: on a busy machine, a loop may be stalled while it starts. */
		public static void main(String[] arguments) throws InterruptedException {
			ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.REACTIVE)
				.run("--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
						"--spring.reactor.netty.shutdown-quiet-period=0s", "--eventloop.stall.threshold=60s");
			CountDownLatch written = new CountDownLatch(1);
			LogThread.write(written::countDown);
			// The monitor thread polls the loops before it ends a second after the next.
			CountDownLatch seconds = new CountDownLatch(2);
			context.getBean(EventLoopMonitor.class).addListener(new EventLoopListener() {

				@Override
				public void onSecond(EventLoopSecond second) {
					seconds.countDown();
				}

			});
			if (written.await(SECONDS, TimeUnit.SECONDS) && seconds.await(SECONDS, TimeUnit.SECONDS)) {
				System.out.println(READY);
			}
			context.close();
			System.exit(0);
		}

		@Bean
		ApplicationRunner reportStart() {
			return (arguments) -> System.out.println(STARTED);
		}

	}

}
