package io.github.eventloop.documentation;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.github.eventloop.actuate.internal.ApplicationDescriptor;
import io.github.eventloop.actuate.internal.BlockingDescriptor;
import io.github.eventloop.actuate.internal.CapturesDescriptor;
import io.github.eventloop.actuate.internal.CulpritDescriptor;
import io.github.eventloop.actuate.internal.DrillDescriptor;
import io.github.eventloop.actuate.internal.EventLoopDescriptor;
import io.github.eventloop.actuate.internal.FindingsDescriptor;
import io.github.eventloop.actuate.internal.GroupDescriptor;
import io.github.eventloop.actuate.internal.HistoryDescriptor;
import io.github.eventloop.actuate.internal.HotspotsDescriptor;
import io.github.eventloop.actuate.internal.LagDescriptor;
import io.github.eventloop.actuate.internal.LiveDescriptor;
import io.github.eventloop.actuate.internal.LoopDescriptor;
import io.github.eventloop.actuate.internal.Problem;
import io.github.eventloop.actuate.internal.StallDescriptor;
import io.github.eventloop.actuate.internal.StallsDescriptor;
import io.github.eventloop.actuate.internal.StatusChangeDescriptor;
import io.github.eventloop.actuate.internal.UnmeasuredDescriptor;
import io.github.eventloop.documentation.Page.Table;
import io.github.eventloop.jfr.internal.CaptureFile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/endpoint.md} lists the fields of the responses of the endpoint,
 * in their order, with their types and units.
 */
class EndpointDocumentationTests {

	/** Types of responses, by the heading under which their fields are listed. */
	private static final Map<String, Class<?>> RESPONSES = Map.ofEntries(
			Map.entry("All loops", EventLoopDescriptor.class), Map.entry("Pause", EventLoopDescriptor.Pause.class),
			Map.entry("Number of stalls", EventLoopDescriptor.Stalls.class), Map.entry("Lag", LagDescriptor.class),
			Map.entry("Group", GroupDescriptor.class), Map.entry("Unmeasured", UnmeasuredDescriptor.class),
			Map.entry("One loop", LoopDescriptor.class), Map.entry("History", HistoryDescriptor.class),
			Map.entry("History of one loop", HistoryDescriptor.Loop.class), Map.entry("Stalls", StallsDescriptor.class),
			Map.entry("One stall", StallDescriptor.class), Map.entry("Culprit", CulpritDescriptor.class),
			Map.entry("Owner of a lock", StallDescriptor.LockOwner.class),
			Map.entry("Sampled stack", StallDescriptor.Stack.class), Map.entry("Hotspots", HotspotsDescriptor.class),
			Map.entry("One hotspot", HotspotsDescriptor.HotspotDescriptor.class),
			Map.entry("Blocking calls", BlockingDescriptor.class),
			Map.entry("Blocking calls of one kind and culprit", BlockingDescriptor.Calls.class),
			Map.entry("Diagnosis", FindingsDescriptor.class),
			Map.entry("One finding", FindingsDescriptor.FindingDescriptor.class),
			Map.entry("Evidence", FindingsDescriptor.EvidenceDescriptor.class),
			Map.entry("Stalls of a finding", FindingsDescriptor.FindingStalls.class),
			Map.entry("Captures", CapturesDescriptor.class), Map.entry("One capture", CaptureFile.class),
			Map.entry("Live", LiveDescriptor.class), Map.entry("Status change", StatusChangeDescriptor.class),
			Map.entry("Application", ApplicationDescriptor.class), Map.entry("Drill", DrillDescriptor.class),
			Map.entry("Errors", Problem.class));

	@Test
	void tablesShouldListEveryField() {
		Map<String, List<Field>> documented = Page.of("docs/endpoint.md")
			.tables("field")
			.stream()
			.collect(Collectors.toMap(Table::heading, (table) -> table.rows().stream().map(Field::of).toList()));
		Map<String, List<Field>> declared = RESPONSES.keySet()
			.stream()
			.collect(Collectors.toMap(Function.identity(), (heading) -> fields(RESPONSES.get(heading))));
		assertThat(documented).containsExactlyInAnyOrderEntriesOf(declared);
	}

	private static List<Field> fields(Class<?> response) {
		return Arrays.stream(response.getRecordComponents()).map(Field::of).toList();
	}

	/**
	 * Field of a response.
	 */
	private record Field(String name, String type, String unit) {

		static Field of(Map<String, String> row) {
			return new Field(row.get("field"), row.get("type"), row.get("unit"));
		}

		static Field of(RecordComponent component) {
			return new Field("`" + component.getName() + "`", typeOf(component.getGenericType()),
					unitOf(component.getName()));
		}

		private static String typeOf(Type type) {
			if (type instanceof ParameterizedType collection) {
				return typeOf(collection.getActualTypeArguments()[0]) + "[]";
			}
			Class<?> plain = (Class<?>) type;
			if (plain.isRecord()) {
				return "object";
			}
			if (plain == boolean.class || plain == Boolean.class) {
				return "boolean";
			}
			return (plain == String.class || plain == Instant.class || plain.isEnum()) ? "string" : "number";
		}

		private static String unitOf(String name) {
			if (name.toLowerCase(Locale.ROOT).endsWith("millis")) {
				return "ms";
			}
			if (name.endsWith("Seconds")) {
				return "s";
			}
			return name.toLowerCase(Locale.ROOT).endsWith("utilization") ? "0..1" : "";
		}

	}

}
