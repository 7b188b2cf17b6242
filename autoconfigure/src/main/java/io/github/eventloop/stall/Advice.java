package io.github.eventloop.stall;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What to do about a stall, in one sentence. Known offenders are recognised by what the
 * culprit calls, whoever else is at fault is told from the cause alone.
 */
final class Advice {

	/** Enough to see who calls back a comparator, a getter or a lambda. */
	private static final int CALLERS = 8;

	private static final Set<StallCause> ON_CPU = EnumSet.of(StallCause.COMPUTING, StallCause.UNKNOWN);

	private static final Set<StallCause> OFF_CPU = EnumSet.of(StallCause.BLOCKING_IO, StallCause.SLEEPING,
			StallCause.WAITING, StallCause.LOCK, StallCause.UNKNOWN);

	/** Whatever it does, as long as it is the culprit that does it. */
	private static final Set<StallCause> ANY = EnumSet
		.complementOf(EnumSet.of(StallCause.GC, StallCause.STARVED, StallCause.FLOOD));

	private static final Set<StallCause> ANY_OR_GC = EnumSet
		.complementOf(EnumSet.of(StallCause.STARVED, StallCause.FLOOD));

	/**
	 * The first that fits is meant: who sends a request, a statement or a line of a log
	 * comes before the socket, file or lock that it waits for.
	 */
	static final List<Offender> OFFENDERS = List.of(
			new Offender("This was a drill that somebody asked for: there is nothing to treat.", ANY,
					"io.github.eventloop.stall.Drill"),

			new Offender("""
					Direct memory ran out and the JVM collected to free some: release or pool direct buffers, or raise \
					-XX:MaxDirectMemorySize.""", ANY_OR_GC, "java.nio.Bits"),
			new Offender("""
					Leave it to the JVM when to collect: drop the call to System.gc(), or start with \
					-XX:+DisableExplicitGC if it is not yours.""", ANY_OR_GC, "java.lang.System.gc",
					"java.lang.Runtime.gc"),

			new Offender(
					"""
							The first use loads and initializes classes: walk this path once at start-up, before the application \
							reports that it is ready.""",
					EnumSet.of(StallCause.COMPUTING, StallCause.BLOCKING_IO, StallCause.LOCK, StallCause.UNKNOWN),
					"java.lang.ClassLoader.loadClass", "java.lang.ClassLoader.defineClass", "java.lang.Class.forName",
					"java.lang.invoke.MethodHandleNatives", "<clinit>"),

			new Offender("""
					Log through an asynchronous appender that drops rather than waits when it is full \
					(Logback: AsyncAppender with neverBlock), or log less here.""", ANY, "ch.qos.logback",
					"org.apache.logging.log4j", "org.apache.log4j", "java.util.logging", "org.jboss.logmanager"),
			new Offender("""
					Write to a logger with an asynchronous appender instead of the console: a slow terminal or a full \
					pipe holds up whoever prints.""", ANY, "java.io.PrintStream", "java.lang.Throwable.printStackTrace",
					"java.io.Console"),

			new Offender(
					"""
							Hash passwords on Schedulers.boundedElastic(): they are slow to hash by design, so keep the strength \
							and let a worker thread do it.""",
					ON_CPU, "org.springframework.security.crypto.bcrypt", "org.springframework.security.crypto.argon2",
					"org.springframework.security.crypto.scrypt",
					"org.springframework.security.crypto.password.Pbkdf2PasswordEncoder",
					"org.springframework.security.crypto.password4j", "org.mindrot.jbcrypt",
					"at.favre.lib.crypto.bcrypt", "de.mkammerer.argon2", "com.password4j", "com.lambdaworks.crypto",
					"org.bouncycastle.crypto.generators", "com.sun.crypto.provider.PBKDF2KeyImpl",
					"com.sun.crypto.provider.PBKDF2Core"),

			new Offender("""
					JDBC and JPA wait for the database: run the query on Schedulers.boundedElastic(), or use an R2DBC \
					driver; an index or fewer rows shortens it.""", ANY, "java.sql", "javax.sql", "jakarta.persistence",
					"com.zaxxer.hikari", "org.apache.commons.dbcp2", "org.apache.tomcat.jdbc", "com.mchange.v2",
					"oracle.jdbc", "oracle.ucp", "org.h2", "org.hsqldb", "org.apache.derby", "org.postgresql",
					"com.mysql", "org.mariadb.jdbc", "com.microsoft.sqlserver", "com.ibm.db2", "org.sqlite",
					"org.duckdb", "org.hibernate.internal.SessionImpl", "org.hibernate.engine.jdbc",
					"org.hibernate.resource.jdbc", "org.eclipse.persistence", "org.springframework.jdbc",
					"org.springframework.data.jdbc", "org.springframework.data.jpa", "org.springframework.orm",
					"org.apache.ibatis", "org.jdbi"),
			new Offender("""
					This client waits for its server: use its reactive or asynchronous counterpart, or call it on \
					Schedulers.boundedElastic().""", OFF_CPU, "redis.clients.jedis",
					"io.lettuce.core.FutureSyncInvocationHandler", "io.lettuce.core.internal.Futures",
					"com.mongodb.client", "org.apache.kafka.clients", "com.rabbitmq.client", "org.springframework.jms",
					"org.springframework.ldap", "com.sun.jndi", "javax.naming", "jakarta.mail",
					"org.eclipse.angus.mail", "com.sun.mail", "io.grpc.stub.ClientCalls", "net.spy.memcached",
					"software.amazon.awssdk.core.internal.handler.BaseSyncClientHandler", "com.amazonaws"),
			new Offender("""
					Replace the blocking HTTP client by WebClient, which serves others until the answer arrives, or \
					call it on Schedulers.boundedElastic().""", ANY, "jdk.internal.net.http.HttpClientImpl.send",
					"jdk.internal.net.http.HttpClientFacade.send", "java.net.HttpURLConnection",
					"sun.net.www.protocol.http", "sun.net.www.protocol.https", "sun.net.www.http",
					"org.springframework.web.client", "org.apache.http.impl.client", "org.apache.http.impl.execchain",
					"org.apache.hc.client5.http.impl.classic", "okhttp3", "feign", "retrofit2",
					"com.google.api.client.http", "org.jsoup.helper.HttpConnection"),

			new Offender("""
					Start processes on Schedulers.boundedElastic() and wait for their end with \
					Mono.fromFuture(process.onExit()).""", ANY, "java.lang.Process", "java.lang.ProcessImpl",
					"java.lang.ProcessBuilder", "java.lang.Runtime.exec"),

			new Offender("""
					Return the publisher and go on in flatMap or zipWith instead of waiting for it with block() or \
					runBlocking.""", OFF_CPU, "reactor.core.publisher.BlockingSingleSubscriber",
					"reactor.core.publisher.BlockingMonoSubscriber",
					"reactor.core.publisher.BlockingOptionalMonoSubscriber",
					"reactor.core.publisher.BlockingFirstSubscriber", "reactor.core.publisher.BlockingLastSubscriber",
					"reactor.core.publisher.BlockingIterable", "kotlinx.coroutines.BlockingCoroutine",
					"io.reactivex.rxjava3.internal.observers.BlockingBaseObserver",
					"io.reactivex.rxjava3.internal.observers.BlockingMultiObserver"),
			new Offender(
					"""
							Hand the future on instead of waiting for it: Mono.fromFuture or thenCompose goes on when the result \
							is there.""",
					OFF_CPU, "java.util.concurrent.CompletableFuture.get",
					"java.util.concurrent.CompletableFuture.join", "java.util.concurrent.FutureTask.get",
					"java.util.concurrent.ForkJoinTask", "java.util.concurrent.AbstractExecutorService.invokeAll",
					"java.util.concurrent.AbstractExecutorService.invokeAny",
					"java.util.concurrent.ExecutorCompletionService", "io.netty.util.concurrent.DefaultPromise.await",
					"io.netty.util.concurrent.DefaultPromise.sync", "io.netty.util.concurrent.DefaultPromise.get",
					"com.google.common.util.concurrent.AbstractFuture"),
			new Offender("""
					Let the producer push into the chain (Sinks.many(), or a Channel) instead of waiting at the queue, \
					or use offer and poll without a time.""", OFF_CPU, "java.util.concurrent.ArrayBlockingQueue",
					"java.util.concurrent.LinkedBlockingQueue", "java.util.concurrent.LinkedBlockingDeque",
					"java.util.concurrent.LinkedTransferQueue", "java.util.concurrent.PriorityBlockingQueue",
					"java.util.concurrent.SynchronousQueue", "java.util.concurrent.DelayQueue",
					"java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue"),
			new Offender("""
					Limit how many run at a time with the concurrency of flatMap, or try the semaphore without waiting \
					and turn the request away.""", OFF_CPU, "java.util.concurrent.Semaphore"),
			new Offender("""
					Compute the value outside of the map, or put a cached Mono into it: whoever needs the same part of \
					the map waits for a computation in it.""", OFF_CPU, "java.util.concurrent.ConcurrentHashMap",
					"com.github.benmanes.caffeine.cache"),
			new Offender("""
					Hold the lock for a moment only, never across I/O, or replace it by an atomic, a concurrent \
					collection or one thread that owns the state.""", OFF_CPU,
					"java.util.concurrent.locks.ReentrantLock", "java.util.concurrent.locks.ReentrantReadWriteLock",
					"java.util.concurrent.locks.StampedLock"),

			new Offender(
					"""
							Use new SecureRandom() rather than getInstanceStrong(): it does not wait for the operating system to \
							gather entropy.""",
					ANY, "sun.security.provider.NativePRNG", "sun.security.provider.SeedGenerator"),
			new Offender(
					"""
							Keep connections alive so that there are fewer TLS handshakes, create an SSLContext once at start-up, \
							and consider netty-tcnative with EC keys.""",
					ON_CPU, "sun.security.ssl", "javax.net.ssl", "io.netty.internal.tcnative"),
			new Offender("""
					Look the name up on Schedulers.boundedElastic(), or leave it unresolved and let WebClient or \
					TcpClient resolve it without blocking.""", ANY, "java.net.InetAddress", "java.net.Inet4AddressImpl",
					"java.net.Inet6AddressImpl", "java.net.NetworkInterface"),
			new Offender("""
					Files have no non-blocking read: use them on Schedulers.boundedElastic(), in large pieces, or keep \
					the content in memory.""", ANY, "java.io.File", "java.io.FileInputStream",
					"java.io.FileOutputStream", "java.io.RandomAccessFile", "java.io.UnixFileSystem",
					"java.io.WinNTFileSystem", "java.nio.file", "sun.nio.fs", "sun.nio.ch.FileChannelImpl",
					"sun.nio.ch.FileDispatcherImpl", "sun.nio.ch.UnixFileDispatcherImpl",
					"sun.nio.ch.SimpleAsynchronousFileChannelImpl", "java.util.zip.ZipFile", "java.util.jar.JarFile"),
			new Offender("""
					Replace the blocking socket by Reactor Netty's TcpClient or UdpClient, or use it on \
					Schedulers.boundedElastic().""", OFF_CPU, "java.net.Socket", "java.net.ServerSocket",
					"java.net.DatagramSocket", "java.net.MulticastSocket", "sun.nio.ch.NioSocketImpl",
					"sun.nio.ch.SocketChannelImpl", "sun.nio.ch.DatagramChannelImpl",
					"sun.nio.ch.ServerSocketChannelImpl"),

			new Offender(
					"""
							Parse or write XML on Schedulers.parallel(), as a stream (StAX) if it is large; create factories and \
							contexts once and keep them.""",
					ON_CPU, "javax.xml", "com.sun.org.apache", "jdk.xml.internal", "org.w3c.dom", "org.xml.sax",
					"org.apache.xerces", "org.apache.xalan", "com.ctc.wstx", "com.fasterxml.aalto", "org.dom4j",
					"org.jdom2", "jakarta.xml.bind", "org.glassfish.jaxb", "com.sun.xml.bind",
					"com.thoughtworks.xstream", "com.fasterxml.jackson.dataformat.xml", "tools.jackson.dataformat.xml"),
			new Offender("""
					Send or read less JSON at once (page it, or stream it as NDJSON), keep one mapper for all, or \
					convert large documents on Schedulers.parallel().""", ON_CPU, "tools.jackson",
					"com.fasterxml.jackson", "com.google.gson", "kotlinx.serialization.json", "com.squareup.moshi",
					"org.json", "jakarta.json", "org.glassfish.json", "org.eclipse.parsson", "org.eclipse.yasson",
					"com.alibaba.fastjson", "com.alibaba.fastjson2", "com.jsoniter", "com.dslplatform.json",
					"com.jayway.jsonpath", "net.minidev.json"),
			new Offender(
					"""
							Render large pages in chunks or on Schedulers.parallel(), and cache the parts that seldom change.""",
					ON_CPU, "org.thymeleaf", "freemarker", "com.samskivert.mustache", "com.github.mustachejava",
					"io.pebbletemplates", "gg.jte", "org.springframework.web.reactive.result.view"),
			new Offender(
					"""
							Make images, spreadsheets and documents on Schedulers.parallel(), or in a process of their own, and \
							keep the result.""",
					ON_CPU, "javax.imageio", "java.awt", "sun.awt", "sun.java2d", "com.sun.imageio", "org.apache.poi",
					"org.apache.pdfbox", "com.itextpdf", "com.lowagie", "net.sf.jasperreports", "com.google.zxing",
					"org.apache.tika"),
			new Offender("""
					Write the pattern so that it matches in one way only (no nested repetitions), bound the length of \
					the input, or use RE2/J.""", ON_CPU, "java.util.regex", "kotlin.text.Regex"),
			new Offender("""
					Compress at the proxy, at a lower level or only what gains from it; large content on \
					Schedulers.parallel().""", ON_CPU, "java.util.zip", "com.github.luben.zstd",
					"com.aayushatharva.brotli4j", "net.jpountz", "org.xerial.snappy", "org.apache.commons.compress"),
			new Offender("""
					Hash, sign and encrypt large content on Schedulers.parallel(); generate keys and look up ciphers \
					once, and prefer EC keys to RSA.""", ON_CPU, "javax.crypto", "com.sun.crypto.provider",
					"java.security.MessageDigest", "java.security.Signature", "java.security.KeyPairGenerator",
					"java.security.KeyFactory", "java.security.KeyStore", "sun.security.provider", "sun.security.rsa",
					"sun.security.ec", "sun.security.x509", "org.bouncycastle", "com.nimbusds.jose", "io.jsonwebtoken",
					"com.google.crypto.tink"),
			new Offender("""
					Serialize fewer objects at once, in a leaner format than Java's own, or do it on \
					Schedulers.parallel().""", ON_CPU, "java.io.ObjectOutputStream", "java.io.ObjectInputStream",
					"com.esotericsoftware.kryo", "org.yaml.snakeyaml", "com.google.protobuf", "org.apache.avro"),
			new Offender("""
					Sort where the data lives (ORDER BY with an index), keep it sorted, or sort on \
					Schedulers.parallel().""", ON_CPU, "java.util.TimSort", "java.util.ComparableTimSort",
					"java.util.DualPivotQuicksort", "java.util.Arrays.sort", "java.util.Collections.sort"),
			new Offender("""
					Append to one StringBuilder, or send the text piece by piece: each + copies all that there is so \
					far.""", ON_CPU, "java.lang.StringConcatHelper", "java.lang.String.concat"),
			new Offender("""
					Go through fewer elements at once (page them, look them up in a map), keep the result, or do it on \
					Schedulers.parallel().""", ON_CPU, "java.util.stream", "java.util.ArrayList",
					"java.util.LinkedList", "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap",
					"java.util.HashSet", "java.util.TreeSet", "java.util.PriorityQueue",
					"java.util.concurrent.ConcurrentHashMap", "java.util.concurrent.ConcurrentSkipListMap",
					"java.util.concurrent.CopyOnWriteArrayList", "kotlin.collections", "kotlin.sequences"));

	private Advice() {
	}

	/**
	 * Return the advice for a stall.
	 * @param cause why the loop stalled
	 * @param culprit the line to blame, or {@code null} if it is not known
	 * @param stack the stack that was seen most, innermost first, or empty
	 * @return a sentence
	 */
	static String of(StallCause cause, @Nullable Culprit culprit, StackTraceElement[] stack) {
		int callers = indexOf(culprit, stack) + 1;
		String advice = of(cause, stack, 0, callers);
		if (advice == null && cause == StallCause.COMPUTING) {
			advice = of(cause, stack, callers, Math.min(callers + CALLERS, stack.length));
		}
		if (advice == null) {
			advice = of(cause);
		}
		return isCoroutine(stack) ? forCoroutines(advice) : advice;
	}

	/**
	 * The culprit may be another line of the method than the stack shows, if that was
	 * seen more often.
	 */
	private static int indexOf(@Nullable Culprit culprit, StackTraceElement[] stack) {
		for (int i = 0; i < stack.length && culprit != null; i++) {
			Culprit frame = ReadableFrame.culpritOf(stack[i]);
			if (frame.className().equals(culprit.className()) && frame.methodName().equals(culprit.methodName())) {
				return i;
			}
		}
		return stack.length - 1;
	}

	private static @Nullable String of(StallCause cause, StackTraceElement[] stack, int from, int to) {
		for (Offender offender : OFFENDERS) {
			if (offender.causes.contains(cause)) {
				for (int i = from; i < to; i++) {
					if (offender.isIn(stack[i])) {
						return offender.advice;
					}
				}
			}
		}
		return null;
	}

	private static String of(StallCause cause) {
		return switch (cause) {
			case COMPUTING -> """
					Compute less at once, keep the result for the next request, or move the work off the loop with \
					subscribeOn(Schedulers.parallel()).""";
			case BLOCKING_IO -> """
					Use a client or driver that does not block, or make this call on Schedulers.boundedElastic().""";
			case SLEEPING -> """
					Wait with a timer instead, such as Mono.delay or retryWhen with a backoff: the loop serves others \
					until it fires.""";
			case WAITING -> """
					Let what comes next be called when the result is there (flatMap, Sinks.one()) instead of waiting \
					for it, or wait on Schedulers.boundedElastic().""";
			case LOCK -> """
					Hold the lock for a moment only, never across I/O, or replace it by an atomic, a concurrent \
					collection or one thread that owns the state.""";
			case GC ->
				"""
						The garbage collector stopped the process: allocate less here, give the heap more room, or choose a \
						collector with short pauses such as ZGC.""";
			case STARVED -> """
					The code is not to blame: give the process more CPU (its limit, its machine), let fewer of its \
					threads compute at once, or move busy neighbours away.""";
			case FLOOD ->
				"""
						Give the loop fewer and larger tasks (buffer, batch, or a worker thread that answers once), and limit \
						how many come at once (limitRate, flatMap's concurrency).""";
			case UNKNOWN -> """
					It was over before it could be looked at: wait for the next one, or lower the threshold so that it \
					is caught earlier.""";
		};
	}

	private static boolean isCoroutine(StackTraceElement[] stack) {
		return Arrays.stream(stack)
			.anyMatch((frame) -> frame.getClassName().startsWith("kotlinx.coroutines.")
					|| frame.getClassName().startsWith("kotlin.coroutines."));
	}

	/** The same in the words of who writes coroutines. */
	private static String forCoroutines(String advice) {
		return advice.replace("subscribeOn(Schedulers.parallel())", "withContext(Dispatchers.Default)")
			.replace("Schedulers.parallel()", "Dispatchers.Default")
			.replace("Schedulers.boundedElastic()", "Dispatchers.IO")
			.replace("Mono.delay or retryWhen with a backoff", "delay()");
	}

	/**
	 * Code that is known for what it does to a loop.
	 *
	 * @param advice what to do instead
	 * @param causes the causes that it is advice for
	 * @param names packages, classes and methods, in full; or a method of any class
	 */
	record Offender(String advice, Set<StallCause> causes, List<String> names) {

		Offender(String advice, Set<StallCause> causes, String... names) {
			this(advice, causes, List.of(names));
		}

		boolean isIn(StackTraceElement frame) {
			String name = frame.getClassName() + "." + frame.getMethodName();
			for (String known : this.names) {
				if (StackReader.isWithin(known, name) || known.equals(frame.getMethodName())) {
					return true;
				}
			}
			return false;
		}

	}

}
