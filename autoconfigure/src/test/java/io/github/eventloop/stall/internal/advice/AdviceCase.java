package io.github.eventloop.stall.internal.advice;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.eventloop.stall.StallCause;

/**
 * A stack and the advice that is expected for it.
 *
 * @param name the source of the stack, such as an issue
 * @param cause the cause of the stall
 * @param expected the texts that the advice must contain
 * @param unexpected the texts that it must not contain
 * @param calls the frames, innermost first; the application is {@code com.acme}
 */
record AdviceCase(String name, StallCause cause, List<String> expected, List<String> unexpected, List<String> calls) {

	private static final Pattern BLANK_LINES = Pattern.compile("\\n(?:[ \\t]*\\n)+");

	/**
	 * Read the cases of a resource, separated by blank lines. A case begins with lines
	 * that start with # and contain its name. They are followed by the cause and the
	 * expected texts, separated by | and with ! before unexpected ones, and by the
	 * frames, one per line.
	 * @param resource the name of the resource, relative to this class
	 * @return the cases
	 * @throws IOException if it cannot be read
	 */
	static List<AdviceCase> readAll(String resource) throws IOException {
		try (InputStream input = Objects.requireNonNull(AdviceCase.class.getResourceAsStream(resource))) {
			String text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
			return BLANK_LINES.splitAsStream(text.strip())
				.map((block) -> block.lines().toList())
				.filter((lines) -> !lines.get(lines.size() - 1).startsWith("#"))
				.map(AdviceCase::of)
				.toList();
		}
	}

	private static AdviceCase of(List<String> lines) {
		List<String> names = new ArrayList<>();
		List<String> rest = new ArrayList<>();
		lines.forEach((line) -> (line.startsWith("#") ? names : rest).add(line.replaceFirst("^#", "").strip()));
		String[] head = rest.get(0).split(" ", 2);
		List<String> expectations = Arrays.stream(head[1].split("\\|")).map(String::strip).toList();
		return new AdviceCase(String.join(" ", names) + ": " + head[0], StallCause.valueOf(head[0]),
				expectations.stream().filter((part) -> !part.startsWith("!")).toList(),
				expectations.stream().filter((part) -> part.startsWith("!")).map((part) -> part.substring(1)).toList(),
				rest.subList(1, rest.size()));
	}

	@Override
	public String toString() {
		return this.name;
	}

}
