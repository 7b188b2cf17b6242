package io.github.eventloop.stall;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.eventloop.stall.internal.sample.OsThreadState;

/**
 * A case that is recorded as a thread dump.
 *
 * @param name a short description and the issues that report it
 * @param state the state of the thread
 * @param osState the state of the thread in the operating system
 * @param expected the cause and the line
 * @param advice the texts that the advice must contain
 * @param stack the frames
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RecordedCase(String name, Thread.State state, OsThreadState osState, String expected, List<String> advice,
		StackTraceElement[] stack) {

	private static final Pattern BLANK_LINES = Pattern.compile("\\n(?:[ \\t]*\\n)+");

	private static final Pattern FRAME = Pattern
		.compile("\\s*at (?:[\\w.@]*/+)?([^\\s(]+)\\.([^.(]+)\\((?:[\\w.@]+/)?([^:)]+)(?::(\\d+))?\\).*");

	public static List<RecordedCase> readAll() throws IOException {
		try (InputStream input = Objects.requireNonNull(RecordedCase.class.getResourceAsStream("field-cases.txt"))) {
			return BLANK_LINES.splitAsStream(new String(input.readAllBytes(), StandardCharsets.UTF_8))
				.map((block) -> block.lines().toList())
				.filter((lines) -> lines.size() > 1 && lines.stream().anyMatch((line) -> line.startsWith("=")))
				.map(RecordedCase::of)
				.toList();
		}
	}

	private static RecordedCase of(List<String> lines) {
		String name = lines.get(0).substring(1).strip();
		String[] expected = lines.stream()
			.filter((line) -> line.startsWith("="))
			.findFirst()
			.orElseThrow()
			.substring(1)
			.split("\\|", -1);
		String thread = lines.stream()
			.filter((line) -> line.contains("Thread.State:"))
			.findFirst()
			.orElseThrow()
			.strip();
		Thread.State state = Thread.State.valueOf(thread.split(" ", 3)[1]);
		StackTraceElement[] stack = lines.stream()
			.map(FRAME::matcher)
			.filter(Matcher::matches)
			.map(RecordedCase::frame)
			.toArray(StackTraceElement[]::new);
		return new RecordedCase(name, state,
				thread.endsWith("(asleep)") ? OsThreadState.SLEEPING : OsThreadState.RUNNING, expected[0].strip(),
				Arrays.stream(expected).skip(1).map(String::strip).toList(), stack);
	}

	private static StackTraceElement frame(Matcher frame) {
		boolean isNative = frame.group(3).equals("Native Method");
		int line = (frame.group(4) != null) ? Integer.parseInt(frame.group(4)) : -1;
		return new StackTraceElement(frame.group(1), frame.group(2), isNative ? null : frame.group(3),
				isNative ? -2 : line);
	}

}
