package io.github.eventloop.benchmarks.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The command line options of a benchmark: {@code --name=value} or {@code --name}.
 * Immutable.
 */
public final class Options {

	private final Map<String, String> values;

	private Options(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * Parse the command line.
	 * @param arguments the command line arguments
	 * @param known the names of the supported options
	 * @return the options
	 * @throws IllegalArgumentException if there is an unknown option
	 */
	public static Options of(String[] arguments, String... known) {
		Set<String> names = new TreeSet<>(Set.of(known));
		names.add("docs");
		Map<String, String> values = new LinkedHashMap<>();
		for (String argument : arguments) {
			String[] parts = argument.split("=", 2);
			if (!parts[0].startsWith("--") || !names.contains(parts[0].substring(2))) {
				throw new IllegalArgumentException(
						"Unknown option '%s'. Available options: --%s".formatted(argument, String.join(", --", names)));
			}
			values.put(parts[0].substring(2), (parts.length > 1) ? parts[1] : "true");
		}
		return new Options(values);
	}

	/**
	 * Return whether an option is present.
	 * @param name its name
	 * @return whether it is present, and not as {@code =false}
	 */
	public boolean has(String name) {
		return !this.values.getOrDefault(name, "false").equals("false");
	}

	/**
	 * Return the value of an option.
	 * @param name its name
	 * @param defaultValue the value if it is absent
	 * @return the value
	 */
	public String get(String name, String defaultValue) {
		return this.values.getOrDefault(name, defaultValue);
	}

	/**
	 * Return the value of an option as a number.
	 * @param name its name
	 * @param defaultValue the value if it is absent
	 * @return the value
	 */
	public int number(String name, int defaultValue) {
		String value = this.values.get(name);
		try {
			return (value != null) ? Integer.parseInt(value) : defaultValue;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'--%s' must be a whole number, but is '%s'".formatted(name, value), ex);
		}
	}

	/**
	 * Return the value of an option as a duration.
	 * @param name its name
	 * @param defaultValue the value if it is absent
	 * @return the value, which is given in seconds
	 */
	public Duration seconds(String name, Duration defaultValue) {
		return Duration.ofSeconds(number(name, (int) defaultValue.toSeconds()));
	}

}
