package io.github.eventloop.stall;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A kind of stall that is reported from the field, with the checks of its diagnosis.
 *
 * @param name a short description and the issues that report it
 * @param diagnosis the diagnosis that would have helped
 * @param checks the checks, each prefixed with its type
 */
record FieldKind(String name, String diagnosis, List<String> checks) {

	private static final Pattern BLANK_LINES = Pattern.compile("\\n(?:[ \\t]*\\n)+");

	static List<FieldKind> readAll() throws IOException {
		try (InputStream input = Objects.requireNonNull(FieldKind.class.getResourceAsStream("field-kinds.txt"))) {
			return BLANK_LINES.splitAsStream(new String(input.readAllBytes(), StandardCharsets.UTF_8).strip())
				.map((block) -> block.lines().toList())
				.filter((lines) -> lines.stream().anyMatch((line) -> line.startsWith("=")))
				.map((lines) -> new FieldKind(lines.get(0).substring(1).strip(), lines.get(1).substring(1).strip(),
						lines.subList(2, lines.size())))
				.toList();
		}
	}

	/** Return the checks of the given type. */
	List<String> checks(String type) {
		return this.checks.stream()
			.filter((check) -> check.startsWith(type + " "))
			.map((check) -> check.substring(type.length() + 1))
			.toList();
	}

	static boolean isTest(String name) {
		int dot = name.lastIndexOf('.');
		try {
			Class<?> type = Class.forName("io.github.eventloop." + name.substring(0, dot), false,
					FieldKind.class.getClassLoader());
			return Arrays.stream(type.getDeclaredMethods())
				.filter((method) -> method.getName().equals(name.substring(dot + 1)))
				.anyMatch(FieldKind::isEnabledTest);
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static boolean isEnabledTest(Method method) {
		return AnnotationSupport.isAnnotated(method, Testable.class)
				&& !AnnotationSupport.isAnnotated(method, Disabled.class)
				&& !AnnotationSupport.isAnnotated(method.getDeclaringClass(), Disabled.class);
	}

}
