package io.github.eventloop.monitor;

import java.time.Duration;
import java.util.Arrays;

/**
 * Exception for a setting that violates a rule. Exposes the setting, its value and the
 * rule, so that a caller can replace the name of the setting by that of a property.
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
	 * @param setting the name of the setting's record component, with dots if it is
	 * grouped
	 * @param value the value of the setting
	 * @param rule the rule that the value violates, starting with "must", with a
	 * {@code %s} for each value in it
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

	/** Format as in a properties file, such as {@code 200ms} or {@code -1s}. */
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
	 * Return the invalid setting.
	 * @return the name of the record component
	 */
	public String getSetting() {
		return this.setting;
	}

	/**
	 * Return the value of the setting.
	 * @return the value, formatted as in a properties file
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Return the rule that the value violates.
	 * @return the rule, starting with "must"
	 */
	public String getRule() {
		return this.rule;
	}

}
