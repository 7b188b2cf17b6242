package io.github.eventloop.sample.exhibit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a controller that blocks an event loop at {@code /offenders/<name>}, with the
 * corrected version at {@code /cures/<name>}. The index at {@code /} lists all of them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Offender {

	/**
	 * Command of an exhibit that takes a plain GET request.
	 */
	String CURL = "curl -s {shop}{path}";

	/**
	 * Last part of both paths.
	 * @return the name
	 */
	String name();

	/**
	 * What the offender does to its loop.
	 * @return one or two sentences
	 */
	String wrong();

	/**
	 * What it looks like in {@code /actuator/eventloop}.
	 * @return one or two sentences
	 */
	String expect();

	/**
	 * What the cure does instead.
	 * @return one or two sentences
	 */
	String cure();

	/**
	 * Command that requests it, where {@code {shop}} stands for the address of the shop
	 * and {@code {path}} for the path of the offender or of its cure.
	 * @return a shell command
	 */
	String command() default CURL;

}
