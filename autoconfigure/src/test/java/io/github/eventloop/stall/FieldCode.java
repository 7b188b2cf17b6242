package io.github.eventloop.stall;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Minimal reproductions of the stalls reported from the field. Methods that compute run
 * until they have used more CPU time than the stall threshold, regardless of the load of
 * the machine.
 */
public final class FieldCode {

	private static final long BLOCKED_MILLIS = 300;

	/** Several times the threshold. */
	private static final long CPU_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

	private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private static final Path PIPE = pipe();

	/** Keeps the compiler from eliminating code without an effect. */
	static volatile @Nullable Object blackhole;

	private FieldCode() {
	}

	public static void restClient() throws IOException {
		try (ServerSocket silent = silent()) {
			SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
			factory.setReadTimeout(Duration.ofMillis(BLOCKED_MILLIS));
			RestClient client = RestClient.builder().requestFactory(factory).build();
			try {
				blackhole = client.get().uri(address(silent)).retrieve().toBodilessEntity();
			}
			catch (org.springframework.web.client.ResourceAccessException ex) {
				// Expected: the loop was blocked until the time-out.
			}
		}
	}

	public static void httpClient() throws IOException, InterruptedException {
		try (ServerSocket silent = silent()) {
			HttpRequest request = HttpRequest.newBuilder(URI.create(address(silent)))
				.timeout(Duration.ofMillis(BLOCKED_MILLIS))
				.build();
			try {
				blackhole = HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
			}
			catch (java.net.http.HttpTimeoutException ex) {
				// Expected: the loop was blocked until the time-out.
			}
		}
	}

	public static void socket() throws IOException {
		try (ServerSocket silent = silent();
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), silent.getLocalPort());
				InputStream input = socket.getInputStream()) {
			socket.setSoTimeout((int) BLOCKED_MILLIS);
			try {
				blackhole = input.read();
			}
			catch (java.net.SocketTimeoutException ex) {
				// Expected: the loop was blocked until the time-out.
			}
		}
	}

	/** Waits for the future of an asynchronous driver. */
	public static void future() throws Exception {
		blackhole = new CompletableFuture<String>().completeOnTimeout("", BLOCKED_MILLIS, TimeUnit.MILLISECONDS).get();
	}

	/** Waits for a Mono in a way that Reactor does not detect. */
	public static void monoToFuture() throws Exception {
		blackhole = Mono.delay(Duration.ofMillis(BLOCKED_MILLIS)).toFuture().get();
	}

	public static void sleep() throws InterruptedException {
		Thread.sleep(BLOCKED_MILLIS);
	}

	public static void semaphore() throws InterruptedException {
		blackhole = new Semaphore(0).tryAcquire(BLOCKED_MILLIS, TimeUnit.MILLISECONDS);
	}

	/** Another thread computes the value for a key of the same bin. */
	public static void cacheThatLoads() throws InterruptedException {
		ConcurrentHashMap<String, String> cache = new ConcurrentHashMap<>();
		CountDownLatch loading = new CountDownLatch(1);
		onOtherThread(() -> cache.computeIfAbsent("key", (key) -> {
			loading.countDown();
			pause();
			return "value";
		}));
		loading.await();
		blackhole = cache.computeIfAbsent("key", (key) -> "value");
	}

	/** A cache loader that waits for the response of a server. */
	public static void cacheLoader() {
		blackhole = new ConcurrentHashMap<String, String>().computeIfAbsent("key", (key) -> {
			try {
				socket();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return "value";
		});
	}

	public static void process() throws IOException, InterruptedException {
		blackhole = new ProcessBuilder("sleep", "0.3").start().waitFor();
	}

	/** The reader of the pipe pauses, so that the pipe fills up. */
	public static void logIntoFullPipe() throws IOException, InterruptedException {
		Thread reader = onOtherThread(() -> {
			try (InputStream input = Files.newInputStream(PIPE)) {
				pause();
				input.transferTo(OutputStream.nullOutputStream());
			}
		});
		LoggerContext context = new LoggerContext();
		context.setMDCAdapter(new LogbackMDCAdapter());
		try (OutputStream writer = new FileOutputStream(PIPE.toFile())) {
			Logger logger = logger(context, writer);
			for (int i = 0; i < 500; i++) {
				logger.info("x".repeat(1_000));
			}
		}
		finally {
			context.stop();
		}
		reader.join();
	}

	private static Path pipe() {
		try {
			Path directory = Files.createTempDirectory("pipe");
			Path pipe = directory.resolve("pipe");
			directory.toFile().deleteOnExit();
			pipe.toFile().deleteOnExit();
			new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
			return pipe;
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Logger logger(LoggerContext context, OutputStream output) {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%m%n");
		encoder.start();
		OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
		appender.setContext(context);
		appender.setEncoder(encoder);
		appender.setOutputStream(output);
		appender.start();
		Logger logger = context.getLogger("pipe");
		logger.setAdditive(false);
		logger.addAppender(appender);
		return logger;
	}

	public static void randomIds() {
		burnCpu(() -> blackhole = UUID.randomUUID());
	}

	public static void hashPassword() throws Exception {
		PBEKeySpec password = new PBEKeySpec("secret".toCharArray(), new byte[16], 20_000, 256);
		SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
		burnCpu(() -> blackhole = factory.generateSecret(password));
	}

	public static void hugeJson() {
		JsonMapper mapper = new JsonMapper();
		List<String> names = Collections.nCopies(50_000, "name");
		burnCpu(() -> blackhole = mapper.writeValueAsString(names));
	}

	public static void scrape() {
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		for (int i = 0; i < 2_000; i++) {
			registry.counter("orders", List.of(Tag.of("customer", Integer.toString(i)))).increment();
		}
		burnCpu(() -> blackhole = registry.scrape());
	}

	public static void catastrophicPattern() {
		Pattern pattern = Pattern.compile("(([A-Z]+)*-?)*[0-9]");
		burnCpu(() -> blackhole = pattern.matcher("AUTUMNSALE").matches());
	}

	public static void loadClasses() throws Exception {
		URL[] jar = { JsonMapper.class.getProtectionDomain().getCodeSource().getLocation() };
		burnCpu(() -> {
			try (URLClassLoader loader = new URLClassLoader(jar, ClassLoader.getPlatformClassLoader())) {
				blackhole = loader.loadClass("tools.jackson.databind.json.JsonMapper");
			}
			catch (NoClassDefFoundError | ClassNotFoundException ex) {
				// The classes that it depends on are not available.
			}
		});
	}

	/** Another thread is emitting to a slow subscriber. */
	public static void busyLoopingEmission() throws InterruptedException {
		Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();
		CountDownLatch emitting = new CountDownLatch(1);
		sink.asFlux().subscribe((value) -> {
			if (value.equals("other")) {
				emitting.countDown();
				pause();
				pause();
			}
		});
		onOtherThread(() -> sink.tryEmitNext("other"));
		emitting.await();
		sink.emitNext("mine", EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
	}

	public static void ownComputing() {
		burnCpu(() -> {
			double sum = 0;
			for (int i = 0; i < 10_000; i++) {
				sum += Math.sqrt(i);
			}
			blackhole = sum;
		});
	}

	public static void collectGarbage() {
		long end = System.nanoTime() + CPU_NANOS;
		while (System.nanoTime() < end) {
			System.gc();
		}
	}

	/** Reactor rejects the call, so nothing is blocked. */
	public static void blockThatIsRejected() {
		try {
			blackhole = Mono.delay(Duration.ofMillis(BLOCKED_MILLIS)).block();
		}
		catch (IllegalStateException ex) {
			blackhole = ex;
		}
	}

	/** Too short to be a stall. */
	public static void shortPause() throws InterruptedException {
		Thread.sleep(5);
	}

	/** A contended lock that is held only briefly each time. */
	public static void fairLock() throws Exception {
		ReentrantLock lock = new ReentrantLock(true);
		long end = System.nanoTime() + 20_000_000;
		Work hold = () -> {
			while (System.nanoTime() < end) {
				lock.lock();
				try {
					blackhole = lock;
				}
				finally {
					lock.unlock();
				}
			}
		};
		Thread other = onOtherThread(hold);
		hold.run();
		other.join();
	}

	private static void burnCpu(Work work) {
		long end = cpuNanos() + CPU_NANOS;
		try {
			do {
				// Reading the CPU time is expensive, so a batch runs before each reading.
				long batchEnd = System.nanoTime() + BATCH_NANOS;
				while (System.nanoTime() < batchEnd) {
					work.run();
				}
			}
			while (cpuNanos() < end);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long cpuNanos() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	private static ServerSocket silent() throws IOException {
		return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
	}

	private static String address(ServerSocket server) {
		return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
	}

	private static void pause() {
		try {
			Thread.sleep(BLOCKED_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Thread onOtherThread(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}, "other");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/** Code that runs on an event loop. */
	public interface Work {

		void run() throws Exception;

	}

}
