package io.github.eventloop.junit;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Settings for what fails a test. Immutable.
 *
 * @param enabled whether the test is checked at all
 * @param threshold the duration above which an iteration of a loop is a stall
 * @param blocking whether blocking calls fail the test, too
 * @param applicationPackages the packages in which to look for the culprit; empty to
 * derive them from the test class
 */
record Strictness(boolean enabled, Duration threshold, boolean blocking, List<String> applicationPackages) {

	private static final Duration LONGEST_THRESHOLD = Duration.ofMinutes(1);

	static final Strictness DEFAULT = new Strictness(true,
			Duration.ofMillis(EventLoopExtension.DEFAULT_THRESHOLD_MILLIS), false, List.of());

	/** Packages of two parts that many projects share. */
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
	 * Return the packages in which to look for the culprit.
	 * @param testClass the test class
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
