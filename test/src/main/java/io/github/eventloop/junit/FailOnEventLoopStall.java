package io.github.eventloop.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test if an event loop stalls during it, or optionally makes a blocking call,
 * with a message that names the line of code. On a method it overrides the annotation of
 * the class. See {@link EventLoopExtension} for what counts.
 *
 * @since 0.1.0
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EventLoopExtension.class)
public @interface FailOnEventLoopStall {

	/**
	 * The duration above which an iteration of a loop is a stall.
	 * @return the duration in milliseconds, from 1 to 60,000
	 */
	long thresholdMillis() default EventLoopExtension.DEFAULT_THRESHOLD_MILLIS;

	/**
	 * Whether blocking calls fail the test too, those of 1 millisecond or more that are
	 * shorter than a stall. Requires JDK Flight Recorder, and adds one to two seconds to
	 * each test.
	 * @return whether to detect blocking calls
	 */
	boolean blocking() default false;

	/**
	 * The packages in which to look for the culprit first, including their subpackages.
	 * By default the package of the test class and its first two parts, or three below
	 * {@code io.github} and similar roots.
	 * @return the names of the packages
	 */
	String[] applicationPackages() default {};

	/**
	 * Whether the test is checked at all. {@code false} permits stalls in one test of a
	 * class whose other tests must not stall loops.
	 * @return whether the test is checked
	 */
	boolean enabled() default true;

}
