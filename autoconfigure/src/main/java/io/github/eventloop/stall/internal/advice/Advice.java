package io.github.eventloop.stall.internal.advice;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.advice.AdviceEntry.Place;
import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * Advice on what to do about a stall, from {@code advice.txt} in this package and from
 * the resources that applications add, which take precedence. Immutable and thread-safe.
 */
public final class Advice {

	/** Advice of the application. There may be several on the class path. */
	static final String ADDED_RESOURCE = "META-INF/eventloop/advice.txt";

	private static final String OWN_RESOURCE = "io/github/eventloop/stall/internal/advice/advice.txt";

	/** Enough to include the framework that calls a comparator, a getter or a lambda. */
	private static final int MAX_CALLERS = 8;

	/** Bounds the cost of a lookup, about a millisecond for a deep stack. */
	private static final int MAX_STACKS = 8;

	private final List<AdviceEntry> entries;

	private Advice(List<AdviceEntry> entries) {
		this.entries = entries;
	}

	/**
	 * Load the entries of all advice files. Invalid files and entries are skipped, so
	 * that they cannot make the application fail.
	 * @param classLoader the class loader to search for the files
	 * @param warnings receives a message for each problem
	 * @return the advice
	 */
	static Advice load(@Nullable ClassLoader classLoader, Consumer<String> warnings) {
		ClassLoader loader = (classLoader != null) ? classLoader : ClassLoader.getSystemClassLoader();
		List<AdviceEntry> entries = new ArrayList<>();
		for (String name : List.of(ADDED_RESOURCE, OWN_RESOURCE)) {
			try {
				for (URL resource : Collections.list(loader.getResources(name))) {
					AdviceFile file = AdviceFile.parse(read(resource));
					entries.addAll(file.entries());
					file.problems()
						.forEach((problem) -> warnings
							.accept("Ignored an invalid entry of stall advice in " + resource + ", " + problem));
				}
			}
			catch (IOException ex) {
				warnings.accept("Failed to read stall advice from " + name + ": " + ex);
			}
		}
		return new Advice(List.copyOf(entries));
	}

	private static List<String> read(URL resource) throws IOException {
		URLConnection connection = resource.openConnection();
		// A cached connection keeps its jar open.
		connection.setUseCaches(false);
		try (InputStream content = connection.getInputStream()) {
			return new String(content.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
	}

	List<AdviceEntry> entries() {
		return this.entries;
	}

	/**
	 * Load the shared advice and what a lookup needs, so that the first stall does not
	 * wait for it. Does nothing if they are loaded.
	 */
	public static void prepare() {
		of(StallCause.UNKNOWN, null, new StackTraceElement[0]);
	}

	/**
	 * Return the advice that applies to most of the time of a stall.
	 * @param cause the cause of the stall
	 * @param culprit the culprit, or {@code null} if it is not known
	 * @param stacks the stacks that show the cause, longest time first
	 * @param facts the facts known about the stall: some of {@link AdviceEntry#FACTS},
	 * and the name of the component that the loop belongs to
	 * @return one or two sentences
	 */
	public static String of(StallCause cause, @Nullable Culprit culprit, List<SampledStack> stacks, Set<String> facts) {
		Map<String, Long> nanos = new LinkedHashMap<>();
		for (SampledStack stack : stacks.subList(0, Math.min(MAX_STACKS, stacks.size()))) {
			nanos.merge(Shared.ADVICE.on(cause, culprit, stack.frames(), facts), stack.nanos(), Long::sum);
		}
		return nanos.entrySet()
			.stream()
			.max(Map.Entry.comparingByValue())
			.map(Map.Entry::getKey)
			.orElseGet(() -> Shared.ADVICE.on(cause, culprit, new StackTraceElement[0], facts));
	}

	/**
	 * Return the advice for a single stack without known facts.
	 * @param cause the cause of the stall
	 * @param culprit the culprit, or {@code null} if it is not known
	 * @param stack the frames, innermost first, or empty
	 * @return a sentence
	 */
	public static String of(StallCause cause, @Nullable Culprit culprit, StackTraceElement[] stack) {
		return Shared.ADVICE.on(cause, culprit, stack, Set.of());
	}

	String on(StallCause cause, @Nullable Culprit culprit, StackTraceElement[] stack, Set<String> facts) {
		int callers = indexOf(culprit, stack) + 1;
		String advice = first((entry) -> (entry.place() == Place.IF && entry.matches(cause, facts))
				|| (isCalled(entry) && entry.matches(cause, stack, 0, callers)));
		if (advice == null && cause == StallCause.COMPUTING) {
			int end = Math.min(callers + MAX_CALLERS, stack.length);
			advice = first((entry) -> entry.place() == Place.IN && entry.matches(cause, stack, callers, end));
		}
		if (advice == null) {
			advice = first((entry) -> entry.place() == Place.ELSE && entry.causes().contains(cause));
		}
		String added = first((entry) -> entry.place() == Place.UNDER && entry.matches(cause, stack, 0, stack.length));
		if (added == null) {
			added = first((entry) -> entry.place() == Place.ON && entry.matches(cause, facts));
		}
		String all = ((advice != null) ? advice : "There is no advice for this cause.")
				+ ((added != null) ? " " + added : "");
		return isCoroutine(stack) ? forCoroutines(all) : all;
	}

	private @Nullable String first(Predicate<AdviceEntry> condition) {
		for (AdviceEntry entry : this.entries) {
			if (condition.test(entry)) {
				return entry.sentence();
			}
		}
		return null;
	}

	private static boolean isCalled(AdviceEntry entry) {
		return entry.place() == Place.IN || entry.place() == Place.AT;
	}

	/**
	 * Compare methods rather than lines, because the culprit is the most sampled line of
	 * its method. Without a culprit, the whole stack is relevant.
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

	private static boolean isCoroutine(StackTraceElement[] stack) {
		return Arrays.stream(stack)
			.anyMatch((frame) -> frame.getClassName().startsWith("kotlinx.coroutines.")
					|| frame.getClassName().startsWith("kotlin.coroutines."));
	}

	/** Replace Reactor APIs with their equivalents for coroutines. */
	private static String forCoroutines(String advice) {
		return advice.replace("subscribeOn(Schedulers.parallel())", "withContext(Dispatchers.Default)")
			.replace("Schedulers.parallel()", "Dispatchers.Default")
			.replace("Schedulers.boundedElastic()", "Dispatchers.IO")
			.replace("Mono.delay or retryWhen with a backoff", "delay()");
	}

	/**
	 * Holder of the advice, which is loaded when it is first used: no application needs
	 * it to start.
	 */
	private static final class Shared {

		private static final Advice ADVICE = load(Advice.class.getClassLoader(), LogFactory.getLog(Advice.class)::warn);

	}

}
