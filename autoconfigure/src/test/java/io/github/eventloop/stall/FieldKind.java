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
 * A kind of reports from the field.
 *
 * @param name what they are about, and where they are
 * @param answer the answer that would have helped
 * @param checks where it is checked, each with a word before it that says how
 */
record FieldKind(String name, String answer, List<String> checks) {

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

	/** Return the checks of this kind that are made in a way. */
	List<String> checks(String how) {
		return this.checks.stream()
			.filter((check) -> check.startsWith(how + " "))
			.map((check) -> check.substring(how.length() + 1))
			.toList();
	}

	static boolean isTest(String name) {
		int dot = name.lastIndexOf('.');
		try {
			Class<?> type = Class.forName("io.github.eventloop." + name.substring(0, dot), false,
					FieldKind.class.getClassLoader());
			return Arrays.stream(type.getDeclaredMethods())
				.filter((method) -> method.getName().equals(name.substring(dot + 1)))
				.anyMatch(FieldKind::runs);
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static boolean runs(Method method) {
		return AnnotationSupport.isAnnotated(method, Testable.class)
				&& !AnnotationSupport.isAnnotated(method, Disabled.class)
				&& !AnnotationSupport.isAnnotated(method.getDeclaringClass(), Disabled.class);
	}

}
