package io.github.eventloop.documentation;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.actuate.internal.BlockingDescriptor;
import io.github.eventloop.actuate.internal.DrillDescriptor;
import io.github.eventloop.actuate.internal.EventLoopDescriptor;
import io.github.eventloop.actuate.internal.FindingsDescriptor;
import io.github.eventloop.actuate.internal.HistoryDescriptor;
import io.github.eventloop.actuate.internal.HotspotsDescriptor;
import io.github.eventloop.actuate.internal.LiveDescriptor;
import io.github.eventloop.actuate.internal.LoopDescriptor;
import io.github.eventloop.actuate.internal.Problem;
import io.github.eventloop.actuate.internal.StallDescriptor;
import io.github.eventloop.actuate.internal.StallsDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Response of the endpoint as a page shows it, with {@code …} for what is left out.
 */
final class JsonSnippet {

	private static final String LEFT_OUT = "…";

	private static final List<Class<?>> RESPONSES = List.of(EventLoopDescriptor.class, LoopDescriptor.class,
			HistoryDescriptor.class, StallsDescriptor.class, StallDescriptor.class, HotspotsDescriptor.class,
			BlockingDescriptor.class, FindingsDescriptor.class, FindingsDescriptor.FindingDescriptor.class,
			DrillDescriptor.class, LiveDescriptor.class, Problem.class);

	private static final Pattern HEALTH_DETAIL = Pattern.compile("withDetail\\(\"(\\w+)\"");

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
		.build();

	private JsonSnippet() {
	}

	/**
	 * Fail unless the text has the fields of one of the responses, in their order and
	 * with their types. Required fields may only be missing if something is left out.
	 */
	static void check(String text) {
		// Some snippets only have a few fields of an object.
		JsonNode json = JSON.readTree(readable(text.startsWith("{") ? text : "{" + text + ", …}"));
		if (json.path("details").has("status")) {
			assertThat(json.get("details").propertyNames())
				.containsExactlyElementsOf(Sources.find("EventLoopHealthIndicator", HEALTH_DETAIL));
			return;
		}
		Class<?> type = RESPONSES.stream()
			.filter((each) -> names(each).containsAll(fields(json)))
			.min(Comparator.comparing((each) -> names(each).size()))
			.orElseThrow(() -> new AssertionError("No response has all of " + fields(json)));
		check(json, type);
	}

	private static void check(JsonNode json, Class<?> type) {
		assertThat(names(type)).as("fields of %s, in its order", type).containsSubsequence(fields(json));
		for (RecordComponent component : type.getRecordComponents()) {
			JsonNode value = json.get(component.getName());
			if (value != null) {
				check(value, component.getGenericType(), component.getName());
			}
			else {
				assertThat(json.has(LEFT_OUT) || component.getAnnotatedType().isAnnotationPresent(Nullable.class))
					.as("'%s' is there", component.getName())
					.isTrue();
			}
		}
	}

	private static void check(JsonNode value, Type type, String name) {
		if (type instanceof ParameterizedType collection) {
			assertThat(value.isArray()).as("'%s' is an array", name).isTrue();
			value.valueStream()
				.filter((element) -> !element.asString("").equals(LEFT_OUT))
				.forEach((element) -> check(element, collection.getActualTypeArguments()[0], name));
			return;
		}
		Class<?> plain = (Class<?>) type;
		if (plain.isRecord()) {
			check(value, plain);
		}
		else if (plain.isEnum()) {
			assertThat(Arrays.stream(plain.getEnumConstants()).map(Object::toString)).as(name)
				.contains(value.asString());
		}
		else if (plain == boolean.class || plain == Boolean.class) {
			assertThat(value.isBoolean()).as("'%s' is a boolean", name).isTrue();
		}
		else if (plain.getName().matches("java\\.lang\\.String|java\\.time\\.Instant")) {
			assertThat(value.isString()).as("'%s' is a string", name).isTrue();
		}
		else {
			assertThat(value.isNumber()).as("'%s' is a number", name).isTrue();
		}
	}

	private static List<String> names(Class<?> type) {
		return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
	}

	private static List<String> fields(JsonNode object) {
		Collection<String> names = object.propertyNames();
		return names.stream().filter((name) -> !name.equals(LEFT_OUT)).toList();
	}

	/** Convert what is left out to a string in an array, or to a field in an object. */
	private static String readable(String text) {
		StringBuilder readable = new StringBuilder();
		Deque<Character> open = new ArrayDeque<>();
		boolean quoted = false;
		for (int i = 0; i < text.length(); i++) {
			char next = text.charAt(i);
			if (next == '"' && text.charAt(Math.max(0, i - 1)) != '\\') {
				quoted = !quoted;
			}
			if (quoted || next != LEFT_OUT.charAt(0)) {
				readable.append(next);
			}
			else {
				readable.append((open.peek() == '{') ? "\"…\":0" : "\"…\"");
			}
			if (!quoted && (next == '{' || next == '[')) {
				open.push(next);
			}
			else if (!quoted && (next == '}' || next == ']')) {
				open.pop();
			}
		}
		return readable.toString();
	}

}
