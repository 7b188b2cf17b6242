package io.github.eventloop.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Conditional;

/**
 * {@link Conditional @Conditional} that matches if {@code eventloop.enabled}, the master
 * switch, and all given properties bind to {@code true}.
 * <p>
 * {@link ConditionalOnBooleanProperty} treats any value other than {@code true} as
 * {@code false}, whereas a {@code boolean} in a class of configuration properties also
 * accepts {@code on}, {@code yes} and {@code 1}, and rejects values that are not
 * booleans. This condition uses the same binding, so that a value has the same meaning,
 * and an invalid value is reported in the same way, wherever it is read.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnEventLoopEnabledCondition.class)
@interface ConditionalOnEventLoopEnabled {

	/**
	 * Names of further properties, all of which must be {@code true}.
	 * @return the names
	 */
	String[] value() default {};

	/**
	 * Whether one of the further properties that is not set counts as {@code true}, as
	 * the master switch always does.
	 * @return whether to match if a property is missing
	 */
	boolean matchIfMissing() default false;

}
