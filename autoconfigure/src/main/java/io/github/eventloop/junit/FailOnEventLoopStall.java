package io.github.eventloop.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test during which an event loop stalled, or blocked if asked for, and names the
 * line. On a method it takes the place of that on the class. See
 * {@link EventLoopExtension} for what counts.
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
	 * An iteration of a loop longer than this is a stall.
	 * @return the length in milliseconds, from 1 to 60,000
	 */
	long thresholdMillis() default EventLoopExtension.DEFAULT_THRESHOLD_MILLIS;

	/**
	 * Whether blocking calls fail the test too, those of 1 millisecond or more that are
	 * shorter than a stall. Needs JDK Flight Recorder, and one to two seconds a test.
	 * @return whether to look for them
	 */
	boolean blocking() default false;

	/**
	 * The packages whose frames are looked at first to find the line to blame, those
	 * below them included. None stands for the package of the test class and the first
	 * two parts of it, or three below {@code io.github} and the like.
	 * @return the names
	 */
	String[] applicationPackages() default {};

	/**
	 * Whether to look at all: {@code false} lets a test stall loops in a class whose
	 * other tests must not.
	 * @return whether to look
	 */
	boolean enabled() default true;

}
