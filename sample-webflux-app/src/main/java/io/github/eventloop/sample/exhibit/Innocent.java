package io.github.eventloop.sample.exhibit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a controller at {@code /innocents/<name>} that is slow or busy but does not
 * block an event loop. The index at {@code /} lists all of them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Innocent {

	/**
	 * Last part of the path.
	 * @return the name
	 */
	String name();

	/**
	 * Why it looks like an offender.
	 * @return one or two sentences
	 */
	String looks();

	/**
	 * What it looks like in {@code /actuator/eventloop}.
	 * @return one or two sentences
	 */
	String expect();

}
