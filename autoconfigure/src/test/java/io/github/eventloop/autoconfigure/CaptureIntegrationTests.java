package io.github.eventloop.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.jfr.internal.CaptureFiles;
import io.github.eventloop.jfr.internal.Captures;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Integration tests for captures and their view of the endpoint.
 */
class CaptureIntegrationTests {

	private static final String CAPTURES = "/actuator/eventloop/captures";

	@TempDir
	private static Path directory;

	private static ConfigurableApplicationContext context;

	private static ConfigurableApplicationContext hidden;

	private static ConfigurableApplicationContext disabled;

	private static Visitor visitor;

	private static String name;

	@BeforeAll
	static void start() {
		String target = "eventloop.capture.directory=" + directory.resolve("captures");
		context = BlockableApplication.run("eventloop.capture.enabled=true", "server.shutdown=immediate", target,
				"eventloop.capture.stall-threshold=400ms", "management.endpoint.eventloop.show-details=always");
		hidden = BlockableApplication.run("eventloop.capture.enabled=true", "server.shutdown=immediate", target,
				"management.endpoint.eventloop.show-details=never");
		disabled = BlockableApplication.run("server.shutdown=immediate", target,
				"management.endpoint.eventloop.show-details=always");
		visitor = Visitor.of(context);
		visitor.get("/block/600");
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> !visitor.json(CAPTURES).get("captures").isEmpty());
		name = visitor.json(CAPTURES).at("/captures/0/name").asString();
	}

	@AfterAll
	static void close() {
		context.close();
		hidden.close();
		disabled.close();
	}

	@Test
	void listShouldDescribeFile() throws IOException {
		JsonNode captures = visitor.json(CAPTURES).get("captures");
		assertThat(captures).singleElement().satisfies((capture) -> {
			assertThat(capture.propertyNames()).containsExactly("name", "time", "trigger", "bytes");
			assertThat(capture.get("trigger").asString()).isEqualTo("STALL");
			assertThat(capture.get("bytes").asLong())
				.isEqualTo(Files.size(directory.resolve("captures").resolve(name)));
		});
	}

	@Test
	void downloadShouldBeReadableRecordingOfStall() throws Exception {
		HttpResponse<byte[]> response = download(context, name);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
		assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		Path file = Files.write(directory.resolve("downloaded.jfr"), response.body());
		assertThat(RecordingFile.readAllEvents(file))
			.filteredOn((event) -> event.getEventType().getName().equals("io.github.eventloop.Stall"))
			.anyMatch((event) -> "/block/{millis}".equals(event.getString("route"))
					|| event.getDuration("stallDuration").toMillis() >= 400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "nothing.jfr", "..%2Fsecret.jfr", "%2e%2e%2fsecret.jfr", "..", "secret.jfr", "%00" })
	void whenNameIsNotListedShouldRespondWithNotFound(String path) throws Exception {
		Files.writeString(directory.resolve("secret.jfr"), "secret");
		Files.writeString(directory.resolve("captures").resolve("secret.jfr"), "secret");
		HttpResponse<byte[]> response = download(context, path);
		assertThat(new String(response.body(), StandardCharsets.UTF_8)).isNotEqualTo("secret");
		assertThat(response.statusCode()).isIn(400, 404);
	}

	@Test
	void whenDetailsAreHiddenShouldNotListOrDownload() throws Exception {
		assertThat(download(hidden, name).statusCode()).isEqualTo(403);
		HttpResponse<String> list = Visitor.of(hidden).get(CAPTURES);
		assertThat(list.statusCode()).isEqualTo(403);
		assertThat(list.body()).contains("show-details").doesNotContain(name);
	}

	@Test
	void whenDisabledShouldExplainHowToEnable() throws Exception {
		assertThat(download(disabled, name).statusCode()).isEqualTo(404);
		HttpResponse<String> list = Visitor.of(disabled).get(CAPTURES);
		assertThat(list.statusCode()).isEqualTo(404);
		assertThat(list.body()).contains("eventloop.capture.enabled=true");
		assertThat(disabled.getBeanProvider(Captures.class).getIfAvailable()).isNull();
		assertThat(disabled.getBeanProvider(CaptureFiles.class).getIfAvailable()).isNull();
		assertThat(Visitor.of(disabled).json("/actuator").get("_links").propertyNames())
			.noneMatch((link) -> link.startsWith("eventloop-captures"));
	}

	@Test
	void whenEnabledActuatorShouldLinkToCaptures() {
		assertThat(visitor.json("/actuator").get("_links").propertyNames()).contains("eventloop-captures",
				"eventloop-captures-name");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "text/markdown", "application/octet-stream" })
	void whenFormatIsNotAvailableShouldRespondWithNotAcceptable(String format) {
		assertThat(visitor.send("GET", CAPTURES, "", "Accept", format).statusCode()).isEqualTo(406);
		for (String view : List.of("/history", "/hotspots", "/live")) {
			assertThat(visitor.send("GET", "/actuator/eventloop" + view, "", "Accept", format).statusCode())
				.isEqualTo(406);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/octet-stream", "*/*", "application/json",
			"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" })
	void whenFormatIsAcceptedShouldDownload(String format) {
		HttpResponse<String> response = visitor.send("GET", CAPTURES + "/" + name, "", "Accept", format);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
	}

	@Test
	void whenRangeIsRequestedShouldDownloadIt() throws Exception {
		HttpResponse<String> response = visitor.send("GET", CAPTURES + "/" + name, "", "Range", "bytes=0-2");
		assertThat(response.statusCode()).isEqualTo(206);
		// Every flight recording begins with these.
		assertThat(response.body()).isEqualTo("FLR");
	}

	private static HttpResponse<byte[]> download(ConfigurableApplicationContext application, String path)
			throws Exception {
		String server = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(server + CAPTURES + "/" + path)).build(),
					BodyHandlers.ofByteArray());
	}

}
