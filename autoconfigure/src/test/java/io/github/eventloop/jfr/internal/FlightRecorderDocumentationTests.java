package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Percentage;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/flight-recorder.md} matches the metadata of the events.
 */
class FlightRecorderDocumentationTests {

	/** Fields that every event has. */
	private static final List<String> COMMON = List.of("startTime", "duration", "eventThread", "stackTrace");

	@ParameterizedTest
	@ValueSource(classes = { StallEvent.class, SliceEvent.class })
	void tableShouldHaveOneRowForEachField(Class<? extends Event> event) throws IOException {
		EventType type = EventType.getEventType(event);
		List<String> fields = type.getFields()
			.stream()
			.filter((field) -> !COMMON.contains(field.getName()))
			.map(FlightRecorderDocumentationTests::row)
			.toList();
		assertThat(fields).isNotEmpty();
		assertThat(section("## " + type.getName())).contains(type.getDescription() + ".")
			.filteredOn((line) -> line.startsWith("| `"))
			.containsExactlyElementsOf(fields);
	}

	@ParameterizedTest
	@ValueSource(classes = { StallEvent.class, SliceEvent.class })
	void exampleShouldShowEachField(Class<? extends Event> event) throws IOException {
		EventType type = EventType.getEventType(event);
		Stream<String> example = section("## " + type.getName()).stream()
			.filter((line) -> line.startsWith("  ") && line.contains(" = "))
			.map((line) -> line.strip().split(" = ", 2)[0])
			.filter((name) -> !COMMON.contains(name));
		assertThat(example).containsExactlyElementsOf(type.getFields()
			.stream()
			.map(ValueDescriptor::getName)
			.filter((name) -> !COMMON.contains(name))
			.toList());
	}

	private static List<String> section(String heading) throws IOException {
		List<String> lines = Files.readAllLines(Path.of("..", "docs", "flight-recorder.md"));
		int start = lines.indexOf(heading) + 1;
		assertThat(start).as(heading).isPositive();
		return lines.subList(start, lines.size()).stream().takeWhile((line) -> !line.startsWith("## ")).toList();
	}

	private static String row(ValueDescriptor field) {
		return "| `%s` | %s | %s |".formatted(field.getName(), typeOf(field), field.getDescription());
	}

	private static String typeOf(ValueDescriptor field) {
		if (field.getAnnotation(Timespan.class) != null) {
			return "timespan";
		}
		if (field.getAnnotation(Timestamp.class) != null) {
			return "timestamp";
		}
		if (field.getAnnotation(Percentage.class) != null) {
			return "percentage";
		}
		return field.getTypeName().equals("java.lang.String") ? "text" : "number";
	}

}
