package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.Arrays;

/**
 * A setting that breaks a rule. Names the three things that a caller needs to put it
 * right, so that a property's name can take the place of the setting's.
 *
 * @since 0.1.0
 */
public class InvalidSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1;

	private final String setting;

	private final String value;

	private final String rule;

	/**
	 * Create an exception.
	 * @param setting the name of the setting, as its record component is called; with
	 * dots where it is grouped
	 * @param value the value that it has
	 * @param rule the rule that the value breaks, starting with "must", with a {@code %s}
	 * for each value in it
	 * @param values the values in the rule
	 */
	public InvalidSettingException(String setting, Object value, String rule, Object... values) {
		this(setting, print(value),
				rule.formatted(Arrays.stream(values).map(InvalidSettingException::print).toArray()));
	}

	private InvalidSettingException(String setting, String value, String rule) {
		super("'%s' %s but is %s".formatted(setting, rule, value));
		this.setting = setting;
		this.value = value;
		this.rule = rule;
	}

	/** As in a properties file, such as {@code 200ms} or {@code -1s}. */
	private static String print(Object value) {
		if (!(value instanceof Duration duration)) {
			return value.toString();
		}
		if (duration.toNanosPart() == 0) {
			return duration.toSeconds() + "s";
		}
		return (duration.toNanosPart() % 1_000_000 == 0) ? duration.toMillis() + "ms" : duration.toNanos() + "ns";
	}

	/**
	 * Return which setting is invalid.
	 * @return the name of the record component
	 */
	public String getSetting() {
		return this.setting;
	}

	/**
	 * Return the value that it has.
	 * @return the value, written as in a properties file
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Return the rule that the value breaks.
	 * @return the rule, starting with "must"
	 */
	public String getRule() {
		return this.rule;
	}

}
