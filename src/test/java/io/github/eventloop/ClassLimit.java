package io.github.eventloop;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Listener that limits the time of every test class, including what JUnit's own timeouts
 * do not cover or cannot interrupt: extensions, application contexts and blocking reads.
 * At the limit, it prints all stacks to the console and halts the JVM, which fails the
 * build.
 */
public class ClassLimit implements TestExecutionListener {

	/** Longer than any class takes, on a machine that is 20 times slower than usual. */
	private static final Duration LIMIT = Duration.ofMinutes(15);

	private final Map<String, Future<?>> limits = new ConcurrentHashMap<>();

	private final Duration limit;

	private final Consumer<String> atLimit;

	private final ScheduledExecutorService timer;

	public ClassLimit() {
		this(LIMIT, ClassLimit::end, Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "class-limit");
			thread.setDaemon(true);
			return thread;
		}));
	}

	ClassLimit(Duration limit, Consumer<String> atLimit, ScheduledExecutorService timer) {
		this.limit = limit;
		this.atLimit = atLimit;
		this.timer = timer;
	}

	@Override
	public void executionStarted(TestIdentifier test) {
		if (test.isContainer() && test.getSource().orElse(null) instanceof ClassSource source) {
			this.limits.put(test.getUniqueId(), this.timer.schedule(() -> this.atLimit.accept(source.getClassName()),
					this.limit.toNanos(), TimeUnit.NANOSECONDS));
		}
	}

	@Override
	public void executionFinished(TestIdentifier test, TestExecutionResult result) {
		Future<?> limit = this.limits.remove(test.getUniqueId());
		if (limit != null) {
			limit.cancel(false);
		}
	}

	private static void end(String className) {
		// Bypasses Surefire, which redirects System.err to a file and may not write it
		// in time.
		PrintStream console = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
		console.println(className + " has not ended after " + LIMIT + ". The threads of its JVM:");
		Thread.getAllStackTraces().forEach((thread, stack) -> {
			console.println("\"" + thread.getName() + "\" " + thread.getState());
			for (StackTraceElement frame : stack) {
				console.println("\tat " + frame);
			}
		});
		Runtime.getRuntime().halt(1);
	}

}
