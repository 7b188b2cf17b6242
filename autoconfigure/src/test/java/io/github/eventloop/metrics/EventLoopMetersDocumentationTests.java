package io.github.eventloop.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/meters.md} documents {@link EventLoopMeters}.
 */
class EventLoopMetersDocumentationTests {

	@Test
	void tableShouldHaveRowOfEachMeter() throws IOException {
		List<String> rows = Files.readAllLines(Path.of("..", "docs", "meters.md"))
			.stream()
			.filter((line) -> line.startsWith("| `eventloop."))
			.toList();
		assertThat(rows).containsExactlyElementsOf(
				Arrays.stream(EventLoopMeters.values()).map(EventLoopMetersDocumentationTests::row).toList());
	}

	private static String row(EventLoopMeters meter) {
		String unit = (meter.getBaseUnit() != null) ? meter.getBaseUnit() : "";
		String tags = Arrays.stream(meter.getKeyNames())
			.map((key) -> "`" + key.asString() + "`")
			.collect(Collectors.joining(", "));
		return Stream
			.of("`" + meter.getName() + "`", meter.getType().name().toLowerCase(Locale.ROOT), unit, tags,
					meter.getDescription())
			.map((cell) -> cell.isEmpty() ? " " : " " + cell + " ")
			.collect(Collectors.joining("|", "|", "|"));
	}

}
