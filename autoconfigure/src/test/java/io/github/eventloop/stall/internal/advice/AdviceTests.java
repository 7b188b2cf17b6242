package io.github.eventloop.stall.internal.advice;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.core.OutputStreamAppender;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.advice.AdviceEntry.Place;
import io.github.eventloop.stall.internal.stack.PackageNames;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Advice}. Blocking code that is on the class path is run and sampled;
 * the stacks of other code are in {@code advice-cases.txt}.
 */
class AdviceTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final Advice ADVICE = Advice.load(AdviceTests.class.getClassLoader(), (warning) -> {
		throw new AssertionError(warning);
	});

	@SuppressWarnings("unused") // by name
	private static final List<AdviceEntry> entries = ADVICE.entries();

	private static final StackReader READER = new StackReader(List.of("io.github.eventloop.stall"));

	private final AtomicReference<Thread> thread = new AtomicReference<>();

	private volatile boolean done;

	/** Whether the action has yet to complete for the first time. */
	private volatile boolean cold;

	/** Keeps the compiler from eliminating the code that computes it. */
	@SuppressWarnings("unused")
	private volatile Object result;

	@TempDir
	private Path directory;

	@AfterEach
	void end() throws InterruptedException {
		this.done = true;
		Thread thread = this.thread.get();
		if (thread != null) {
			thread.interrupt();
			thread.join(10_000);
		}
	}

	@Test
	void sleep() {
		assertThat(advice(StallCause.SLEEPING, "java.lang.Thread.sleep", () -> Thread.sleep(60_000)))
			.contains("Mono.delay");
	}

	@Test
	void httpClient() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			HttpClient client = HttpClient.newHttpClient();
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
				.build();
			Action send = () -> client.send(request, BodyHandlers.ofString());
			assertThat(advice(StallCause.BLOCKING_IO, "jdk.internal.misc.Unsafe.park", send)).contains("WebClient");
		}
	}

	@Test
	void httpClientSeenAsWaiting() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			HttpClient client = HttpClient.newHttpClient();
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
				.build();
			Action send = () -> client.send(request, BodyHandlers.ofString());
			assertThat(advice(StallCause.WAITING, "jdk.internal.net.http.HttpClientImpl.send", send))
				.contains("WebClient");
		}
	}

	@Test
	void httpUrlConnection() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			URL url = URI.create("http://127.0.0.1:" + silent.getLocalPort()).toURL();
			HttpURLConnection connection = (HttpURLConnection) url.openConnection();
			connection.setReadTimeout(5_000);
			assertThat(advice(StallCause.BLOCKING_IO, "java.net.Socket$SocketInputStream.read",
					connection::getResponseCode))
				.contains("WebClient");
			silent.close();
			connection.disconnect();
		}
	}

	@Test
	void socket() throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), silent.getLocalPort())) {
			assertThat(advice(StallCause.BLOCKING_IO, "java.net.Socket$SocketInputStream.read",
					() -> socket.getInputStream().read()))
				.contains("TcpClient");
		}
	}

	@Test
	void block() {
		assertThat(advice(StallCause.WAITING, "jdk.internal.misc.Unsafe.park", () -> Mono.never().block()))
			.contains("block()", "flatMap");
	}

	@Test
	void futureOfMono() {
		assertThat(advice(StallCause.WAITING, "jdk.internal.misc.Unsafe.park", () -> Mono.never().toFuture().get()))
			.contains("Mono.fromFuture");
	}

	@Test
	void futureJoin() {
		CompletableFuture<String> never = new CompletableFuture<>();
		assertThat(advice(StallCause.WAITING, "java.util.concurrent.CompletableFuture.join", never::join))
			.contains("Mono.fromFuture");
		never.complete("");
	}

	@Test
	void queue() {
		assertThat(advice(StallCause.WAITING, "java.util.concurrent.LinkedBlockingQueue.take",
				() -> new LinkedBlockingQueue<String>().take()))
			.contains("queue");
	}

	@Test
	void semaphore() {
		assertThat(
				advice(StallCause.WAITING, "java.util.concurrent.Semaphore.acquire", () -> new Semaphore(0).acquire()))
			.contains("flatMap");
	}

	@Test
	void latch() {
		assertThat(advice(StallCause.WAITING, "java.util.concurrent.CountDownLatch.await",
				() -> new CountDownLatch(1).await()))
			.contains("Sinks.one()");
	}

	@Test
	void reentrantLock() {
		ReentrantLock lock = new ReentrantLock();
		lock.lock();
		assertThat(advice(StallCause.WAITING, "java.util.concurrent.locks.ReentrantLock.lockInterruptibly",
				lock::lockInterruptibly))
			.contains("Hold the lock");
	}

	@Test
	void monitor() {
		Object monitor = new Object();
		String advice;
		synchronized (monitor) {
			advice = advice(StallCause.LOCK, AdviceTests.class.getName() + ".enter", () -> enter(monitor));
		}
		assertThat(advice).contains("Hold the lock");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void process() throws Exception {
		Process process = new ProcessBuilder("sleep", "60").start();
		assertThat(advice(StallCause.WAITING, "java.lang.ProcessImpl.waitFor", process::waitFor)).contains("onExit()");
		process.destroyForcibly();
	}

	@Test
	void file() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1 << 20]);
		assertThat(advice(StallCause.COMPUTING, "java.io.FileInputStream.read", repeatedly(() -> {
			try (InputStream in = new FileInputStream(file.toFile())) {
				in.skip(in.read());
			}
		}))).contains("Files");
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPUTING", "BLOCKING_IO" })
	void nioFiles(StallCause cause) throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1 << 20]);
		assertThat(advice(cause, "java.nio.file.Files.readAllBytes", repeatedly(() -> Files.readAllBytes(file))))
			.contains("Files");
	}

	@Test
	void log() throws Exception {
		LoggerContext context = new LoggerContext();
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%d %m%n");
		encoder.start();
		OutputStreamAppender<ch.qos.logback.classic.spi.ILoggingEvent> appender = new OutputStreamAppender<>();
		appender.setContext(context);
		appender.setEncoder(encoder);
		appender.setOutputStream(OutputStream.nullOutputStream());
		appender.start();
		Logger logger = context.getLogger("test");
		logger.setAdditive(false);
		logger.addAppender(appender);
		assertThat(advice(StallCause.COMPUTING, "ch.qos.logback.core.OutputStreamAppender.append",
				repeatedly(() -> logger.info("hello"))))
			.contains("appender");
		context.stop();
	}

	@Test
	void print() throws Exception {
		try (PrintStream out = new PrintStream(new FileOutputStream(this.directory.resolve("out").toFile()), true,
				StandardCharsets.UTF_8)) {
			assertThat(advice(StallCause.BLOCKING_IO, "java.io.FileOutputStream.write",
					repeatedly(() -> out.println("hello"))))
				.contains("console");
			end();
		}
	}

	@Test
	void classLoading() throws Exception {
		URL[] jar = { JsonMapper.class.getProtectionDomain().getCodeSource().getLocation() };
		assertThat(advice(StallCause.COMPUTING, "java.lang.ClassLoader.loadClass", repeatedly(() -> {
			try (URLClassLoader loader = new URLClassLoader(jar, null)) {
				this.result = loader.loadClass("tools.jackson.databind.DatabindException");
			}
			catch (NoClassDefFoundError | ClassNotFoundException ex) {
				// The classes that it depends on are not available.
			}
		}))).contains("first use");
	}

	@Test
	void classInitialization() {
		assertThat(advice(StallCause.COMPUTING, AdviceTests.class.getName() + ".spin", () -> Slow.value(this)))
			.contains("first use");
	}

	@Test
	void json() throws Exception {
		JsonMapper mapper = new JsonMapper();
		List<String> names = Collections.nCopies(100_000, "name");
		assertThat(advice(StallCause.COMPUTING, "tools.jackson.databind.ObjectMapper.writeValueAsBytes",
				repeatedly(() -> mapper.writeValueAsBytes(names))))
			.contains("JSON");
	}

	@Test
	void jsonThatCallsBackApplication() {
		JsonMapper mapper = new JsonMapper();
		assertThat(advice(StallCause.COMPUTING, AdviceTests.class.getName() + "$Product.getName",
				() -> mapper.writeValueAsBytes(new Product(this))))
			.contains("JSON");
	}

	@Test
	void regex() throws Exception {
		Pattern pattern = Pattern.compile("(([A-Z]+)*-?)*[0-9]");
		assertThat(advice(StallCause.COMPUTING, "java.util.regex.Matcher.matches",
				repeatedly(() -> pattern.matcher("AUTUMNSALEFREEDEL").matches())))
			.contains("pattern");
	}

	@Test
	void regexOfString() throws Exception {
		String text = "a,b;".repeat(10_000);
		assertThat(advice(StallCause.COMPUTING, "java.util.regex.Matcher.find",
				repeatedly(() -> this.result = text.replaceAll("[,;]", " "))))
			.contains("pattern");
	}

	@Test
	void sort() throws Exception {
		Integer[] numbers = new Random(1).ints(100_000).boxed().toArray(Integer[]::new);
		assertThat(advice(StallCause.COMPUTING, "java.util.ComparableTimSort.sort",
				repeatedly(() -> Arrays.sort(numbers.clone()))))
			.contains("Sort");
	}

	@Test
	void sortThatCallsBackApplication() {
		List<Integer> numbers = new ArrayList<>(List.of(3, 1, 2));
		assertThat(advice(StallCause.COMPUTING, AdviceTests.class.getName() + ".spin",
				() -> numbers.sort(Comparator.comparing((number) -> {
					spin(this);
					return number;
				}))))
			.contains("Sort");
	}

	@Test
	void stream() throws Exception {
		assertThat(advice(StallCause.COMPUTING, "java.util.stream.AbstractPipeline.evaluate",
				repeatedly(() -> this.result = IntStream.range(0, 1_000_000).mapToObj(Integer::toString).toList())))
			.contains("elements");
	}

	@Test
	void xml() throws Exception {
		byte[] xml = ("<a>" + "<b c='d'>e</b>".repeat(50_000) + "</a>").getBytes(StandardCharsets.UTF_8);
		assertThat(advice(StallCause.COMPUTING, "javax.xml.parsers.DocumentBuilder.parse", repeatedly(
				() -> DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(xml)))))
			.contains("XML");
	}

	@Test
	void compression() throws Exception {
		byte[] content = new byte[1 << 20];
		new Random(1).nextBytes(content);
		assertThat(advice(StallCause.COMPUTING, "java.util.zip.Deflater.deflate",
				repeatedly(() -> new GZIPOutputStream(OutputStream.nullOutputStream()).write(content))))
			.contains("Compress");
	}

	@Test
	void digest() throws Exception {
		byte[] content = new byte[10 << 20];
		assertThat(advice(StallCause.COMPUTING, "java.security.MessageDigest.digest",
				repeatedly(() -> MessageDigest.getInstance("SHA-256").digest(content))))
			.contains("sign and encrypt");
	}

	@Test
	void passwordOfJdk() throws Exception {
		PBEKeySpec password = new PBEKeySpec("secret".toCharArray(), new byte[16], 100_000, 256);
		assertThat(advice(StallCause.COMPUTING, "com.sun.crypto.provider.PBKDF2KeyImpl.deriveKey",
				repeatedly(() -> SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(password))))
			.contains("passwords");
	}

	@Test
	void serialization() throws Exception {
		List<String> names = new ArrayList<>(IntStream.range(0, 100_000).mapToObj(Integer::toString).toList());
		assertThat(advice(StallCause.COMPUTING, "java.io.ObjectOutputStream.writeObject",
				repeatedly(() -> new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(names))))
			.contains("Serialize");
	}

	@Test
	void concatenation() throws Exception {
		String text = "text".repeat(1_000_000);
		assertThat(advice(StallCause.COMPUTING, "java.lang.StringConcatHelper",
				repeatedly(() -> this.result = text + this.done + text)))
			.contains("StringBuilder");
	}

	@ParameterizedTest
	@EnumSource(names = { "COMPUTING", "GC" })
	void explicitCollection(StallCause cause) throws Exception {
		assertThat(advice(cause, "java.lang.Runtime.gc", repeatedly(System::gc))).contains("System.gc()");
	}

	@Test
	void ownComputing() {
		assertThat(advice(StallCause.COMPUTING, AdviceTests.class.getName() + ".spin", () -> spin(this)))
			.contains("subscribeOn(Schedulers.parallel())");
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("cases")
	void stackShouldGetExpectedAdvice(AdviceCase testCase) {
		String advice = advice(testCase.cause(), testCase.calls().toArray(String[]::new));
		assertThat(advice).contains(testCase.expected());
		assertThat(testCase.unexpected()).noneMatch(advice::contains);
	}

	static List<AdviceCase> cases() throws IOException {
		return AdviceCase.readAll("advice-cases.txt");
	}

	@ParameterizedTest
	@EnumSource(names = { "GC", "STARVED", "FLOOD" })
	void whenCauseIsIndependentOfCulpritShouldAdviseFromCauseAlone(StallCause cause) {
		assertThat(advice(cause, "java.util.regex.Matcher.matches", "com.acme.Shop.show"))
			.isEqualTo(Advice.of(cause, null, new StackTraceElement[0]));
	}

	@Test
	void whenCulpritWaitsShouldIgnoreItsCallers() {
		assertThat(advice(StallCause.SLEEPING, "java.lang.Thread.sleep", "com.acme.Shop.show",
				"tools.jackson.databind.ObjectMapper.writeValue", "java.sql.Connection.close"))
			.contains("Mono.delay");
	}

	@Test
	void distantCallersShouldBeIgnored() {
		String[] calls = Stream.concat(Stream.of("com.acme.Shop.show"),
				Stream.concat(Stream.generate(() -> "reactor.core.publisher.MonoMap.onNext").limit(8),
						Stream.of("tools.jackson.databind.ObjectMapper.writeValue")))
			.toArray(String[]::new);
		assertThat(advice(StallCause.COMPUTING, calls)).contains("subscribeOn(Schedulers.parallel())");
	}

	@Test
	void whenCulpritIsInAnotherLineShouldFindItsMethod() {
		Culprit culprit = new Culprit("com.acme.Shop", "show", "Shop.java", 99);
		assertThat(Advice.of(StallCause.SLEEPING, culprit,
				stack("java.lang.Thread.sleep", "com.acme.Shop.show", "java.sql.Connection.close")))
			.contains("Mono.delay");
	}

	@Test
	void whenCalleeCallsBackApplicationShouldConsiderAllCalleesOfCulprit() {
		Culprit outer = new Culprit("com.acme.Shop", "show", "Shop.java", 1);
		assertThat(Advice.of(StallCause.COMPUTING, outer, stack("com.acme.Product.compareTo",
				"java.util.ComparableTimSort.sort", "com.acme.Shop.show", "java.sql.Connection.close")))
			.contains("Sort");
	}

	@Test
	void similarNamesShouldNotMatchKnownBlockers() {
		assertThat(advice(StallCause.COMPUTING, "org.jsonx.Parser.parse", "com.acme.Shop.show"))
			.contains("subscribeOn(Schedulers.parallel())");
		assertThat(advice(StallCause.COMPUTING, "jdk.internal.net.http.HttpClientImpl.sendAsync", "com.acme.Shop.show"))
			.doesNotContain("WebClient");
	}

	@ParameterizedTest
	@CsvSource({ "SLEEPING, java.lang.Thread.sleep, delay()", "COMPUTING, java.util.Objects.hash, Dispatchers.Default",
			"COMPUTING, tools.jackson.core.JsonGenerator.write, Dispatchers.Default",
			"BLOCKING_IO, java.io.FileInputStream.read, Dispatchers.IO" })
	void whenCulpritIsCoroutineShouldAdviseDispatchers(StallCause cause, String call, String expected) {
		assertThat(advice(cause, call, "com.acme.Shop$show$1.invokeSuspend",
				"kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith",
				"kotlinx.coroutines.DispatchedTask.run"))
			.contains(expected)
			.doesNotContain("Schedulers", "Mono");
	}

	@ParameterizedTest
	@EnumSource
	void adviceForCauseShouldBeOneShortSentence(StallCause cause) {
		assertSentence(Advice.of(cause, null, new StackTraceElement[0]));
	}

	@ParameterizedTest
	@FieldSource("entries")
	void entryShouldBeOneShortSentence(AdviceEntry entry) {
		assertSentence(entry.sentence());
	}

	@ParameterizedTest
	@FieldSource("entries")
	void entryShouldBeFoundByEachOfItsNames(AdviceEntry entry) {
		assertThat(entry.names()).allSatisfy((name) -> assertThat(entry.causes()).allSatisfy((cause) -> {
			String advice = (entry.place() == Place.IF || entry.place() == Place.ON)
					? Advice.of(cause, null, List.of(), Set.of(name))
					: advice(cause, name.startsWith("<") ? "com.acme.Shop." + name : name + ".call");
			if (entry.place() == Place.UNDER || entry.place() == Place.ON) {
				assertThat(advice).endsWith(" " + entry.sentence());
			}
			else {
				assertThat(advice).isEqualTo(entry.sentence());
			}
		}));
	}

	@Test
	void whenStackShowsTheDriverShouldNotAddASecondSentenceAboutIt() {
		StackTraceElement[] stack = stack("java.lang.Thread.sleep", "com.acme.Shop.load",
				"io.lettuce.core.protocol.CommandHandler.complete");
		List<SampledStack> stacks = List.of(new SampledStack(StallCause.SLEEPING, stack, 1, 1));
		assertThat(Advice.of(StallCause.SLEEPING, null, stacks, Set.of("lettuce")))
			.isEqualTo(Advice.of(StallCause.SLEEPING, null, stacks, Set.of()))
			.contains("RedisCommandTimeoutException");
	}

	@ParameterizedTest
	@FieldSource("io.github.eventloop.stall.internal.advice.AdviceEntry#FACTS")
	void everyFactShouldHaveItsOwnAdvice(String fact) {
		assertThat(entries).filteredOn((entry) -> entry.place() == Place.IF && entry.names().contains(fact))
			.singleElement()
			.extracting(AdviceEntry::names, InstanceOfAssertFactories.list(String.class))
			.containsExactly(fact);
	}

	@ParameterizedTest
	@EnumSource
	void everyCauseShouldHaveItsOwnAdvice(StallCause cause) {
		assertThat(entries).filteredOn((entry) -> entry.place() == Place.ELSE && entry.causes().contains(cause))
			.singleElement()
			.extracting(AdviceEntry::causes, InstanceOfAssertFactories.collection(StallCause.class))
			.containsExactly(cause);
	}

	/** Code that waits must not be moved to a scheduler for computation. */
	@ParameterizedTest
	@FieldSource("entries")
	void adviceShouldNotContradictTheCause(AdviceEntry entry) {
		Set<StallCause> onCpu = EnumSet.of(StallCause.COMPUTING, StallCause.GC, StallCause.FLOOD);
		if (Collections.disjoint(entry.causes(), onCpu)) {
			assertThat(entry.sentence().replace("Flux.parallel().runOn(Schedulers.parallel())", ""))
				.doesNotContain("parallel()", "Compute less");
		}
		if (onCpu.containsAll(entry.causes())) {
			assertThat(entry.sentence()).doesNotContain("waits for its", "Mono.delay", "instead of waiting");
		}
	}

	@Test
	void adviceShouldFollowMostOfTheTimeAcrossStacks() {
		Culprit culprit = new Culprit("com.acme.Shop", "show", "Some.java", 1);
		List<SampledStack> stacks = List.of(sampled(30, "com.acme.Shop.show"),
				sampled(20, "tools.jackson.core.JsonGenerator.writeString", "com.acme.Shop.show"),
				sampled(20, "tools.jackson.databind.ObjectMapper.writeValue", "com.acme.Shop.show"),
				sampled(25, "java.util.regex.Matcher.find", "com.acme.Shop.show"));
		assertThat(Advice.of(StallCause.COMPUTING, culprit, stacks, Set.of())).contains("JSON");
		assertThat(Advice.of(StallCause.COMPUTING, culprit, stacks.subList(0, 2), Set.of())).contains("Compute less");
		assertThat(Advice.of(StallCause.UNKNOWN, null, List.of(), Set.of())).contains("eventloop.stall.threshold");
	}

	private static SampledStack sampled(long nanos, String... calls) {
		return new SampledStack(StallCause.COMPUTING, stack(calls), 1, nanos);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 500 })
	void whenStackHasOnlyFrameworkFramesShouldAdviseFromCause(int depth) {
		String[] calls = Stream.generate(() -> "io.netty.channel.Loop.run").limit(depth).toArray(String[]::new);
		assertThat(advice(StallCause.COMPUTING, calls)).contains("subscribeOn(Schedulers.parallel())");
	}

	private static void assertSentence(String advice) {
		assertThat(advice).matches("[A-Z].*[^.]\\.")
			.hasSizeLessThanOrEqualTo(200)
			.doesNotContain(". ", "!", "?", "  ", "\n", "\t");
	}

	/** Sample a thread until it is in the given method, and return the advice. */
	private String advice(StallCause cause, String inside, Action action) {
		Thread thread = new Thread(() -> {
			try {
				action.run();
			}
			catch (Exception ex) {
				// Interrupted at the end of the test.
			}
		}, "known-blocker");
		thread.setDaemon(true);
		thread.start();
		this.thread.set(thread);
		Awaitility.await().atMost(TIMEOUT).until(() -> !this.cold);
		StackTraceElement[] stack = Awaitility.await()
			.atMost(TIMEOUT)
			.pollInSameThread()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(thread::getStackTrace, (frames) -> Stream.of(frames)
				.anyMatch(
						(frame) -> PackageNames.isWithin(inside, frame.getClassName() + "." + frame.getMethodName())));
		Culprit culprit = READER.culpritOf(stack);
		assertThat(culprit).as("culprit of %s", Arrays.toString(stack)).isNotNull();
		return Advice.of(cause, culprit, stack);
	}

	private static String advice(StallCause cause, String... calls) {
		StackTraceElement[] stack = stack(calls);
		return Advice.of(cause, new StackReader(List.of("com.acme")).culpritOf(stack), stack);
	}

	private static StackTraceElement[] stack(String... calls) {
		return Stream.of(calls).map((call) -> {
			int dot = call.lastIndexOf('.');
			return new StackTraceElement(call.substring(0, dot), call.substring(dot + 1), "Some.java", 1);
		}).toArray(StackTraceElement[]::new);
	}

	/** The first run mostly loads classes, which has advice of its own. */
	private Action repeatedly(Action action) {
		this.cold = true;
		return () -> {
			while (!this.done) {
				action.run();
				this.cold = false;
			}
		};
	}

	private static void enter(Object monitor) {
		synchronized (monitor) {
			monitor.notifyAll();
		}
	}

	private static void spin(AdviceTests test) {
		while (!test.done) {
			Thread.onSpinWait();
		}
	}

	@FunctionalInterface
	private interface Action {

		void run() throws Exception;

	}

	/** Runs a slow static initializer. */
	private static final class Slow {

		private static final AtomicReference<AdviceTests> CALLER = new AtomicReference<>();

		static void value(AdviceTests test) {
			CALLER.set(test);
			SlowHolder.touch();
		}

	}

	private static final class SlowHolder {

		static {
			spin(Slow.CALLER.get());
		}

		static void touch() {
		}

	}

	interface Named {

		String getName();

	}

	static final class Product implements Named {

		private final AdviceTests test;

		Product(AdviceTests test) {
			this.test = test;
		}

		@Override
		public String getName() {
			spin(this.test);
			return "product";
		}

	}

}
