package io.github.eventloop.autoconfigure;

import java.util.function.UnaryOperator;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Guard for the configuration of drivers. If a driver has changed incompatibly, it keeps
 * its default event loops, and the application starts nevertheless.
 */
final class DriverGuard {

	private static final Log logger = LogFactory.getLog(DriverGuard.class);

	private DriverGuard() {
	}

	/**
	 * Run an action that makes a driver use monitored loops.
	 * @param driver the name of the driver in the log
	 * @param property the property that disables the action
	 * @param action the action
	 */
	static void run(String driver, String property, Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException | LinkageError ex) {
			failed(driver, property, ex);
		}
	}

	/**
	 * Make a driver use monitored loops by replacing an object.
	 * @param <T> the type of the object
	 * @param driver the name of the driver in the log
	 * @param property the property that disables the replacement
	 * @param original the object
	 * @param replacement returns the object to use instead
	 * @return the replacement, or the original if that failed
	 */
	static <T> T replace(String driver, String property, T original, UnaryOperator<T> replacement) {
		try {
			return replacement.apply(original);
		}
		catch (RuntimeException | LinkageError ex) {
			failed(driver, property, ex);
			return original;
		}
	}

	private static void failed(String driver, String property, Throwable cause) {
		logger.warn("The event loops of " + driver + " cannot be measured exactly, because this version of it "
				+ "differs from those that are supported. It uses its default event loops. To avoid this message, set "
				+ property + "=false.", cause);
	}

}
