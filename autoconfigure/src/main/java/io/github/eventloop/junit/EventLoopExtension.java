package io.github.eventloop.junit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

import io.github.eventloop.netty.GlobalLoopResources;
import io.github.eventloop.netty.Placement;

/**
 * Fails a test during which an event loop stalled, with a message that names the line.
 * Registered by {@link FailOnEventLoopStall}, by {@code @ExtendWith}, or in code, as a
 * static field with {@code @RegisterExtension}.
 * <p>
 * It looks at every monitored loop of the JVM: those of an application with the starter,
 * those of {@link io.github.eventloop.netty.MonitoredLoopResources}, and, if it is
 * registered for the class and not only for a method, those behind Reactor Netty's global
 * resources, which it has replaced by monitored ones before the first method of the class
 * runs.
 * <p>
 * What counts is an iteration that began after the first {@code @BeforeEach} method was
 * about to be called, whether it ended before the last {@code @AfterEach} method had
 * returned or was still going on then. What does not count, since a test cannot help it:
 * a stall without a line to blame, one that was spent with collecting garbage, and one
 * with loading classes, as the first request of a JVM is.
 * <p>
 * Where tests run in parallel, nobody can tell which of them a loop was working for: a
 * stall fails every test that was running when it began.
 *
 * @since 0.1.0
 */
public final class EventLoopExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

	static final long DEFAULT_THRESHOLD_MILLIS = 100;

	/** Of its own, for a test may have two of these. */
	private final Namespace namespace = Namespace.create(EventLoopExtension.class, this);

	private final Strictness strictness;

	/**
	 * Create an extension that does not put up with stalls of more than 100 milliseconds.
	 */
	public EventLoopExtension() {
		this(Strictness.DEFAULT);
	}

	private EventLoopExtension(Strictness strictness) {
		this.strictness = strictness;
	}

	/**
	 * Create an extension with a threshold of its own.
	 * @param threshold a longer iteration of a loop is a stall, from 1 millisecond to 1
	 * minute
	 * @return the extension
	 * @throws IllegalArgumentException if the threshold is out of its range
	 */
	public static EventLoopExtension withThreshold(Duration threshold) {
		return new EventLoopExtension(new Strictness(true, threshold, false, List.of()));
	}

	/**
	 * Return such an extension that does not put up with blocking calls either, those of
	 * 1 millisecond or more that are shorter than a stall. Needs JDK Flight Recorder, and
	 * one to two seconds a test.
	 * @return another extension
	 */
	public EventLoopExtension andBlockingCalls() {
		return new EventLoopExtension(
				new Strictness(true, this.strictness.threshold(), true, this.strictness.applicationPackages()));
	}

	/**
	 * Return such an extension that looks for the line to blame in these packages first.
	 * @param packages the names of the packages, which include those below them
	 * @return another extension
	 */
	public EventLoopExtension inPackages(String... packages) {
		return new EventLoopExtension(
				new Strictness(true, this.strictness.threshold(), this.strictness.blocking(), List.of(packages)));
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		GlobalLoopResources.install(false, Placement.ROUND_ROBIN);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		Strictness strict = strictnessOf(context);
		if (strict.enabled()) {
			List<String> packages = strict.applicationPackages(context.getRequiredTestClass());
			BlockingWatch blocking = strict.blocking() ? BlockingWatch.of(context, packages) : null;
			TestWatch watch = new TestWatch(strict.threshold(), packages, blocking);
			// Closed by JUnit, even if another extension fails before the test begins.
			context.getStore(this.namespace).put(TestWatch.class, watch);
		}
	}

	private Strictness strictnessOf(ExtensionContext context) {
		try {
			return annotation(context).map(Strictness::of).orElse(this.strictness);
		}
		catch (IllegalArgumentException ex) {
			throw new ExtensionConfigurationException("Bad @FailOnEventLoopStall for " + context.getUniqueId(), ex);
		}
	}

	private static Optional<FailOnEventLoopStall> annotation(ExtensionContext context) {
		Optional<ExtensionContext> next = Optional.of(context);
		while (next.isPresent()) {
			Optional<FailOnEventLoopStall> found = AnnotationSupport.findAnnotation(next.get().getElement(),
					FailOnEventLoopStall.class);
			if (found.isPresent()) {
				return found;
			}
			next = next.get().getParent();
		}
		return Optional.empty();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		TestWatch watch = context.getStore(this.namespace).remove(TestWatch.class, TestWatch.class);
		if (watch != null) {
			try (watch) {
				String failure = watch.failure();
				if (failure != null) {
					throw new AssertionFailedError(failure);
				}
			}
		}
	}

}
