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
 * That each {@code curl} in the documentation asks for something that there is.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.test.webtestclient.timeout=30s")
@AutoConfigureWebTestClient
class DocumentedCommandsTests {

	private static final Path ROOT = Path.of("..");

	/**
	 * The sample, or the instance that an alert names; not a URL with a variable in it.
	 */
	private static final Pattern CURL = Pattern
		.compile("curl [^\n|]*?(?:http://localhost:8080|\\$instance)(/[^\\s\"'`$]*)?(?=[\\s\"'`])");

	private static final Pattern ACCEPT = Pattern.compile("-H 'Accept: ([^']+)'");

	private static final Pattern BODY = Pattern.compile("-d '([^']+)'");

	@Autowired
	private WebTestClient shop;

	@ParameterizedTest
	@MethodSource("commands")
	void commandShouldBeAnswered(String command) {
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
		// Whoever does not take the body has to release it.
		request.exchange().expectStatus().is2xxSuccessful().expectBody(Void.class);
	}

	private static String path(String command) {
		Matcher url = CURL.matcher(command);
		return (url.find() && url.group(1) != null) ? quick(url.group(1)) : "/";
	}

	/** However long it holds a loop up on the page. */
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
