package io.github.eventloop.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import io.github.eventloop.sample.exhibit.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests that every exhibit responds, and on which thread. Does not test its effect on the
 * loops.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.test.webtestclient.timeout=30s")
@AutoConfigureWebTestClient
class SampleApplicationTests {

	private static final String LOOP = "-http-";

	private static final String WORKER = "boundedElastic-";

	private static final String TIMER = "parallel-";

	@Autowired
	private WebTestClient shop;

	@Test
	void shouldListenOnTheLoopbackInterfaceOnly(@Autowired ServerProperties server, @LocalServerPort int port)
			throws IOException {
		assertThat(server.getAddress()).isNotNull().returns(true, InetAddress::isLoopbackAddress);
		for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
			for (InetAddress address : Collections.list(network.getInetAddresses())) {
				if (!address.isLoopbackAddress()) {
					assertThatIOException().isThrownBy(() -> new Socket(address, port).close());
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "bcrypt?strength=4", "fibonacci?n=20", "file?suppliers=1", "flood?tasks=100",
			"garbage?rows=100", "http?millis=10", "jdbc?orders=20", "regex?coupon=ABC", "sleep?millis=10",
			"sort?products=100" })
	void offenderShouldRunOnLoop(String offender) {
		assertThat(outcome(get("/offenders/" + offender)).thread()).contains(LOOP);
	}

	@ParameterizedTest
	@CsvSource({ "redis?millis=10, lettuce-\\w+EventLoop-\\d+-\\d+", "r2dbc?millis=10, reactor-tcp-\\w+-\\d+" })
	void offenderShouldRunOnLoopOfDriver(String offender, String loop) {
		assertThat(outcome(get("/offenders/" + offender)).thread()).matches(loop);
	}

	@Test
	void jsonOffenderShouldParseOnLoop() {
		Outcome outcome = outcome(post("/offenders/json", export(100)));
		assertThat(outcome.thread()).contains(LOOP);
		assertThat(outcome.result()).isEqualTo("100 products");
	}

	@ParameterizedTest
	@ValueSource(strings = { "bcrypt?strength=4", "file?suppliers=1", "flood?tasks=100", "jdbc?orders=20" })
	void cureThatIsNotCheaperShouldRunOnWorker(String cure) {
		assertThat(outcome(get("/cures/" + cure)).thread()).contains(WORKER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "fibonacci?n=20", "garbage?rows=100", "http?millis=10", "redis?millis=10",
			"r2dbc?millis=10", "regex?coupon=ABC" })
	void cureThatDoesNotBlockShouldStayOnLoop(String cure) {
		assertThat(outcome(get("/cures/" + cure)).thread()).contains(LOOP);
	}

	@Test
	void sleepCureShouldWaitForTimer() {
		assertThat(outcome(get("/cures/sleep?millis=10")).thread()).contains(TIMER);
	}

	@Test
	void sortCureShouldSortOnWorkerAndOnlyOnce() {
		assertThat(outcome(get("/cures/sort")).thread()).contains(WORKER);
		assertThat(outcome(get("/cures/sort")).thread()).contains(LOOP);
	}

	@Test
	void jsonCureShouldParseOnWorker() {
		Outcome outcome = outcome(post("/cures/json", export(100)));
		assertThat(outcome.thread()).contains(WORKER);
		assertThat(outcome.result()).isEqualTo("100 products");
	}

	@ParameterizedTest
	@CsvSource({ "fibonacci?n=20, 6765 points", "file?suppliers=2, 200000 prices",
			"flood?tasks=100, 100 prices changed", "http?millis=10, 17 in stock", "redis?millis=10, 17 in stock",
			"r2dbc?millis=10, 5 products", "regex?coupon=SALE-5, valid", "regex?coupon=SALE-, not valid" })
	void offenderAndCureShouldHaveSameResult(String exhibit, String result) {
		assertThat(outcome(get("/offenders/" + exhibit)).result()).isEqualTo(result);
		assertThat(outcome(get("/cures/" + exhibit)).result()).isEqualTo(result);
	}

	@ParameterizedTest
	@CsvSource({ "slow-backend?millis=10, " + LOOP, "offloaded?customers=1000, " + WORKER })
	void innocentShouldNotBlockLoop(String innocent, String thread) {
		assertThat(outcome(get("/innocents/" + innocent)).thread()).contains(thread);
	}

	@Test
	void indexShouldListEveryExhibit(
			@Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
		String index = get("/").expectStatus().isOk().expectBody(String.class).returnResult().getResponseBody();
		List<String> paths = mappings.getHandlerMethods()
			.keySet()
			.stream()
			.flatMap((mapping) -> mapping.getDirectPaths().stream())
			.filter((path) -> path.matches("/(offenders|cures|innocents)/.+"))
			.toList();
		assertThat(paths).hasSize(13 + 13 + 2);
		assertThat(index).doesNotContain("{shop}", "{path}")
			.contains(paths.stream().map((path) -> path + "\n").toList())
			.containsPattern("curl -s http://[^/]+/actuator/eventloop\n");
	}

	@ParameterizedTest
	@CsvSource({ "/offenders/sleep?millis=0, millis, 1, 5000, 0", "/cures/sleep?millis=5001, millis, 1, 5000, 5001",
			"/offenders/bcrypt?strength=3, strength, 4, 14, 3", "/cures/bcrypt?strength=15, strength, 4, 14, 15",
			"/offenders/sort?products=100001, products, 1, 100000, 100001",
			"/offenders/regex?coupon=ABCDEFGHIJKLMNOPQRSTUVWXYZ, length of coupon, 1, 24, 26",
			"/cures/regex?coupon=ABCDEFGHIJKLMNOPQRSTUVWXYZ, length of coupon, 1, 24, 26",
			"/offenders/file?suppliers=6, suppliers, 1, 5, 6", "/cures/file?suppliers=0, suppliers, 1, 5, 0",
			"/offenders/jdbc?orders=501, orders, 2, 500, 501", "/cures/jdbc?orders=1, orders, 2, 500, 1",
			"/offenders/http?millis=5001, millis, 1, 5000, 5001", "/cures/http?millis=-1, millis, 1, 5000, -1",
			"/offenders/redis?millis=5001, millis, 1, 5000, 5001", "/cures/redis?millis=0, millis, 1, 5000, 0",
			"/offenders/r2dbc?millis=1001, millis, 1, 1000, 1001", "/cures/r2dbc?millis=0, millis, 1, 1000, 0",
			"/offenders/fibonacci?n=46, n, 1, 45, 46", "/cures/fibonacci?n=0, n, 1, 45, 0",
			"/offenders/flood?tasks=100001, tasks, 1, 100000, 100001", "/cures/flood?tasks=0, tasks, 1, 100000, 0",
			"/offenders/garbage?rows=20001, rows, 1, 20000, 20001", "/cures/garbage?rows=0, rows, 1, 20000, 0",
			"/innocents/slow-backend?millis=10001, millis, 1, 10000, 10001",
			"/innocents/offloaded?customers=0, customers, 1, 50000000, 0", "/products?size=101, size, 1, 100, 101",
			"/catalog/export?products=0, products, 1, 100000, 0" })
	void whenParameterIsOutOfRangeShouldRejectWithReason(String uri, String parameter, int min, int max, int value) {
		assertProblem(get(uri), HttpStatus.BAD_REQUEST,
				"'%s' must be from %d to %d, but was %d".formatted(parameter, min, max, value));
	}

	@Test
	void whenParameterIsNotANumberShouldRejectWithReason() {
		assertProblem(get("/offenders/sleep?millis=long"), HttpStatus.BAD_REQUEST,
				"'millis' must be a whole number, but was 'long'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/offenders/json", "/cures/json" })
	void whenBodyIsUnreadableShouldRejectWithReason(String uri) {
		String reason = "The body must be a JSON array of products: ";
		assertProblem(post(uri, "[{]".getBytes(StandardCharsets.UTF_8)), HttpStatus.BAD_REQUEST, reason);
		assertProblem(post(uri, new byte[0]), HttpStatus.BAD_REQUEST, reason + "it is missing");
	}

	@Test
	void productsShouldBeServed() {
		get("/products?size=3").expectStatus().isOk().expectBody().jsonPath("$.length()").isEqualTo(3);
		get("/products/7").expectStatus().isOk().expectBody().jsonPath("$.id").isEqualTo(7);
		assertProblem(get("/products/0"), HttpStatus.NOT_FOUND,
				"There is no product 0; products are numbered 1 to 100000");
	}

	@Test
	void readinessShouldAlsoAnswerOnShortPath() {
		get("/readyz").expectStatus().isOk().expectBody().jsonPath("$.status").isEqualTo("UP");
	}

	private ResponseSpec get(String uri) {
		return this.shop.get().uri(uri).exchange();
	}

	private ResponseSpec post(String uri, byte[] json) {
		return this.shop.post().uri(uri).contentType(MediaType.APPLICATION_JSON).bodyValue(json).exchange();
	}

	private byte[] export(int products) {
		return get("/catalog/export?products=" + products).expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
	}

	private Outcome outcome(ResponseSpec response) {
		return response.expectStatus().isOk().expectBody(Outcome.class).returnResult().getResponseBody();
	}

	private void assertProblem(ResponseSpec response, HttpStatus status, String detail) {
		response.expectStatus()
			.isEqualTo(status)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (actual) -> assertThat(actual).startsWith(detail));
	}

}
