package io.github.eventloop.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * Tests that each {@code curl} command in the documentation succeeds.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.test.webtestclient.timeout=30s", "eventloop.capture.enabled=true",
				"eventloop.capture.directory=target/captures" })
@AutoConfigureWebTestClient
class DocumentedCommandsTests {

	private static final Path ROOT = Path.of("..");

	/**
	 * Calls the sample, or the instance of an alert. URLs with other variables do not
	 * match.
	 */
	private static final Pattern CURL = Pattern
		.compile("curl [^\n|]*?(?:http://localhost:8080|\\$instance)(/[^\\s\"'`$]*)?(?=[\\s\"'`])");

	private static final Pattern ACCEPT = Pattern.compile("-H 'Accept: ([^']+)'");

	private static final Pattern BODY = Pattern.compile("-d '([^']+)'");

	@Autowired
	private WebTestClient shop;

	@ParameterizedTest
	@MethodSource("commands")
	void commandShouldSucceed(String command) {
		Matcher body = BODY.matcher(command);
		boolean hasBody = body.find();
		WebTestClient.RequestBodySpec request = this.shop.method(hasBody ? HttpMethod.POST : HttpMethod.GET)
			.uri(path(command));
		Matcher accept = ACCEPT.matcher(command);
		if (accept.find()) {
			request.header(HttpHeaders.ACCEPT, accept.group(1));
		}
		if (hasBody) {
			request.contentType(MediaType.APPLICATION_JSON).bodyValue(quick(body.group(1)));
		}
		// Releases the body, which is not read.
		request.exchange().expectStatus().is2xxSuccessful().expectBody(Void.class);
	}

	private static String path(String command) {
		Matcher url = CURL.matcher(command);
		return (url.find() && url.group(1) != null) ? quick(url.group(1)) : "/";
	}

	/** Shorten the time for which the command blocks a loop. */
	private static String quick(String text) {
		return text.replaceAll("(?<=millis\"?[=:])\\d+", "10");
	}

	static Stream<String> commands() throws IOException {
		return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages())
			.flatMap((page) -> CURL.matcher(read(page)).results())
			.map((curl) -> curl.group() + " ")
			.distinct();
	}

	private static Stream<Path> pages() throws IOException {
		try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
			return files.filter((file) -> file.toString().endsWith(".md")).sorted().toList().stream();
		}
	}

	private static String read(Path page) {
		try {
			return Files.readString(page);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
