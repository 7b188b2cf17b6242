package io.github.eventloop.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.http.HttpStatus;

import io.github.eventloop.finding.internal.Catalogue;
import io.github.eventloop.metrics.EventLoopMeters;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Output without a language. Its kind is recognized by its format.
 */
final class PlainSnippet {

	private static final Pattern LOG = Pattern.compile("(?:WARN|INFO) … ([\\w.]+)\\s*:\\s+(.*)", Pattern.DOTALL);

	private static final Pattern METER = Pattern.compile("\\beventloop_\\w+");

	private static final Pattern HELP = Pattern.compile("# HELP eventloop_\\w+ (.*)");

	private static final Pattern HEALTH = Pattern.compile("\\{\"status\":\"(\\w+)\"} (\\d+)");

	private static final Pattern RESPONSE = Pattern.compile("HTTP/1\\.1 (\\d+) ([\\w ]+)\n");

	private static final Pattern RECORDED = Pattern.compile("io\\.github\\.eventloop\\.(\\w+) \\{");

	private static final Pattern CLASS = Pattern.compile("(?m)^ *([A-Z][a-z]+[A-Z]\\w+)(?=  | matched|\\.)");

	private static final Pattern PROPERTY = Pattern.compile("configuration property '([\\w.-]+)'");

	private static final Pattern DESCRIPTION = Pattern.compile("description: >-\n(.*?)(?=\n +\\w+:)", Pattern.DOTALL);

	private static final Pattern FINDING = Pattern.compile("(?m)^`([a-z-]+)`, confidence \\w+, see (\\S+)$");

	private static final Pattern COLLAPSED = Pattern.compile("([^; ]+;)+[^; ]+ \\d+");

	/** Defaults of Spring Boot. */
	private static final Map<String, Integer> HTTP_CODES = Map.of("UP", 200, "UNKNOWN", 200, "OUT_OF_SERVICE", 503,
			"DOWN", 503);

	private PlainSnippet() {
	}

	/**
	 * Fail if the text is of an unknown kind, or differs from what the code writes.
	 */
	static void check(String text) throws IOException {
		if (text.contains(" WARN … ") || text.contains(" INFO … ") || text.startsWith("WARN …")
				|| text.startsWith("INFO …")) {
			Arrays.stream(text.split("(?m)^(?=[^ \t]*(?:\\s*)(?:WARN|INFO) …)", -1))
				.filter((entry) -> !entry.isBlank())
				.forEach(PlainSnippet::checkLog);
		}
		else if (METER.matcher(text).find()) {
			checkMeters(text);
		}
		else if (text.startsWith("APPLICATION FAILED TO START")) {
			assertThat(groups(PROPERTY, text)).isNotEmpty().allMatch(PropertiesSnippet::isKnown);
		}
		else if (HEALTH.matcher(text).find()) {
			HEALTH.matcher(text)
				.results()
				.forEach(
						(line) -> assertThat(HTTP_CODES.get(line.group(1))).isEqualTo(Integer.parseInt(line.group(2))));
		}
		else if (RESPONSE.matcher(text).lookingAt()) {
			Matcher response = RESPONSE.matcher(text);
			assertThat(response.lookingAt()).isTrue();
			assertThat(HttpStatus.valueOf(Integer.parseInt(response.group(1))).getReasonPhrase())
				.isEqualTo(response.group(2));
		}
		else if (RECORDED.matcher(text).lookingAt()) {
			assertThat(groups(RECORDED, text)).allMatch((event) -> Sources.declare(event + "Event"));
		}
		else if (text.startsWith("# Event loop diagnosis\n")) {
			assertThat(groups(FINDING, text)).isNotEmpty().isSubsetOf(Catalogue.ids());
			assertThat(FINDING.matcher(text).results())
				.allMatch((finding) -> finding.group(2).equals("docs/findings.md#" + finding.group(1)));
		}
		else if (CLASS.matcher(text).find()) {
			assertThat(groups(CLASS, text)).allMatch(Sources::declare);
		}
		else if (!COLLAPSED.matcher(text).matches() && !isAlert(text)) {
			assertThat(Sources.write(text)).as("'%s' is a text of the library, or of a kind that is checked", text)
				.isTrue();
		}
	}

	/**
	 * Whether the text is the description of an alert rule, with values instead of the
	 * placeholders of the template.
	 */
	private static boolean isAlert(String text) throws IOException {
		String rules = Files.readString(Path.of("..", "docs", "prometheus", "alert-rules.yaml"));
		return groups(DESCRIPTION, rules).stream()
			.map((description) -> Arrays.stream(description.split("\\{\\{[^}]*}}", -1))
				.map((part) -> Pattern.quote(part.strip().replaceAll("\\s+", " ")))
				.collect(Collectors.joining("\\s*\\S+\\s*")))
			.anyMatch((pattern) -> text.replaceAll("\\s+", " ").matches("\\s*" + pattern));
	}

	private static void checkLog(String entry) {
		Matcher log = LOG.matcher(entry);
		assertThat(log.find()).as("'%s' is an entry of a log", entry).isTrue();
		String logger = log.group(1);
		if (!logger.startsWith("reactor.")) {
			assertThat(logger).matches("(io\\.github|i\\.g)\\.(eventloop|e)\\..*");
			assertThat(Sources.declare(logger.replaceFirst(".*\\.", ""))).as("%s is a class", logger).isTrue();
			String message = log.group(2).replaceAll("\\s+", " ");
			assertThat(Sources.write(message)).as("'%s' is a text of the library", message).isTrue();
		}
	}

	private static void checkMeters(String text) {
		List<String> known = Arrays.stream(EventLoopMeters.values())
			.map((meter) -> meter.getName().replace('.', '_'))
			.toList();
		assertThat(METER.matcher(text).results().map(MatchResult::group))
			.allSatisfy((name) -> assertThat(known).anyMatch(name::startsWith));
		assertThat(groups(HELP, text)).isSubsetOf(Stream.of(EventLoopMeters.values())
			.flatMap((meter) -> Stream.of(meter.getDescription(), meter.getDescription().toLowerCase(Locale.ROOT)))
			.toList());
	}

	private static List<String> groups(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
	}

}
