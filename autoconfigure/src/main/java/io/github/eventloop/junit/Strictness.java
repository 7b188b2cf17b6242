package io.github.eventloop.junit;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a test does not put up with. Immutable.
 *
 * @param enabled whether to look at all
 * @param threshold a longer iteration of a loop is a stall
 * @param blocking whether blocking calls count, too
 * @param applicationPackages where to look for the line to blame; empty to conclude from
 * the test class
 */
record Strictness(boolean enabled, Duration threshold, boolean blocking, List<String> applicationPackages) {

	private static final Duration LONGEST_THRESHOLD = Duration.ofMinutes(1);

	static final Strictness DEFAULT = new Strictness(true,
			Duration.ofMillis(EventLoopExtension.DEFAULT_THRESHOLD_MILLIS), false, List.of());

	/** Below these, a package of two parts belongs to more than one project. */
	private static final Set<String> SHARED_ROOTS = Set.of("io.github", "com.github", "io.gitlab", "com.gitlab");

	Strictness {
		if (threshold.compareTo(Duration.ofMillis(1)) < 0 || threshold.compareTo(LONGEST_THRESHOLD) > 0) {
			throw new IllegalArgumentException("The threshold of a stall must be from 1 to "
					+ LONGEST_THRESHOLD.toMillis() + " milliseconds but is " + threshold.toMillis());
		}
		applicationPackages = List.copyOf(applicationPackages);
	}

	static Strictness of(FailOnEventLoopStall annotation) {
		return new Strictness(annotation.enabled(), Duration.ofMillis(annotation.thresholdMillis()),
				annotation.blocking(), List.of(annotation.applicationPackages()));
	}

	/**
	 * Return where to look for the line to blame.
	 * @param testClass the test
	 * @return the packages
	 */
	List<String> applicationPackages(Class<?> testClass) {
		String name = testClass.getPackageName();
		return this.applicationPackages.isEmpty() ? List.of(rootOf(name), name) : this.applicationPackages;
	}

	private static String rootOf(String name) {
		String[] parts = name.split("\\.");
		String two = String.join(".", List.of(parts).subList(0, Math.min(2, parts.length)));
		return (SHARED_ROOTS.contains(two) && parts.length > 2) ? two + "." + parts[2] : two;
	}

}
