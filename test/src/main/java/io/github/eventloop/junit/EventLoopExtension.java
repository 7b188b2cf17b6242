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

import io.github.eventloop.netty.Placement;
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * JUnit extension that fails a test if an event loop stalls during it, with a message
 * that names the line of code. Registered by {@link FailOnEventLoopStall}, by
 * {@code @ExtendWith}, or programmatically as a static field with
 * {@code @RegisterExtension}.
 * <p>
 * It covers every monitored loop of the JVM: those of an application with the starter,
 * those of {@link io.github.eventloop.netty.MonitoredLoopResources}, and, if it is
 * registered for the class and not only for a method, those of Reactor Netty's global
 * resources, which it replaces with monitored ones before the first method of the class
 * runs.
 * <p>
 * An iteration counts if it began after the extension was called, which happens before
 * the first {@code @BeforeEach} method, even if it is still in progress when the last
 * {@code @AfterEach} method has returned. Stalls that a test cannot avoid do not count:
 * those without a culprit, those spent on garbage collection, and those spent on loading
 * classes, such as during the first request of a JVM.
 * <p>
 * If tests run in parallel, a stall cannot be attributed to one of them: it fails every
 * test that was running when it began.
 *
 * @since 0.1.0
 */
public final class EventLoopExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

	static final long DEFAULT_THRESHOLD_MILLIS = 100;

	/** One for each extension, as a test may have several of them. */
	private final Namespace namespace = Namespace.create(EventLoopExtension.class, this);

	private final Strictness strictness;

	/**
	 * Create an extension that fails tests for stalls of more than 100 milliseconds.
	 */
	public EventLoopExtension() {
		this(Strictness.DEFAULT);
	}

	private EventLoopExtension(Strictness strictness) {
		this.strictness = strictness;
	}

	/**
	 * Create an extension with a custom threshold.
	 * @param threshold the duration above which an iteration of a loop is a stall, from 1
	 * millisecond to 1 minute
	 * @return the extension
	 * @throws IllegalArgumentException if the threshold is out of its range
	 */
	public static EventLoopExtension withThreshold(Duration threshold) {
		return new EventLoopExtension(new Strictness(true, threshold, false, List.of()));
	}

	/**
	 * Return a copy of this extension that also fails tests for blocking calls, those of
	 * 1 millisecond or more that are shorter than a stall. Requires JDK Flight Recorder,
	 * and adds one to two seconds to each test.
	 * @return a new extension
	 */
	public EventLoopExtension andBlockingCalls() {
		return new EventLoopExtension(
				new Strictness(true, this.strictness.threshold(), true, this.strictness.applicationPackages()));
	}

	/**
	 * Return a copy of this extension that looks for the culprit in these packages first.
	 * @param packages the names of the packages, including their subpackages
	 * @return a new extension
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
			BlockingCallRecorder blocking = strict.blocking() ? BlockingCallRecorder.of(context, packages) : null;
			TestStallRecorder stalls = new TestStallRecorder(strict.threshold(), packages, blocking);
			// Closed by JUnit, even if another extension fails before the test begins.
			context.getStore(this.namespace).put(TestStallRecorder.class, stalls);
		}
	}

	private Strictness strictnessOf(ExtensionContext context) {
		try {
			return annotation(context).map(Strictness::of).orElse(this.strictness);
		}
		catch (IllegalArgumentException ex) {
			throw new ExtensionConfigurationException("Invalid @FailOnEventLoopStall for " + context.getUniqueId(), ex);
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
		TestStallRecorder stalls = context.getStore(this.namespace)
			.remove(TestStallRecorder.class, TestStallRecorder.class);
		if (stalls != null) {
			try (stalls) {
				String failure = stalls.failure();
				if (failure != null) {
					throw new AssertionFailedError(failure);
				}
			}
		}
	}

}
