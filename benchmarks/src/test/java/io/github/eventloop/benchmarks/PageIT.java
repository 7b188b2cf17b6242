package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpServer;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The live page of the sample in a real browser, on a management port with another path.
 */
@Timeout(180)
class PageIT {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private static final String SLEEP = "(block) => !block.stall.inProgress && block.stall.culprit?.className.endsWith('SleepController')";

	private static final Path AXE = Program.TOOLS.resolve("axe/node_modules/axe-core/axe.min.js");

	private static final Path PICTURES = Path.of("target", "runs", "page");

	@TempDir
	private static Path logs;

	private static Instance shop;

	private static Browser browser;

	@BeforeAll
	static void start() throws IOException {
		assumeTrue(Browser.isInstalled(), "Needs Chromium and its driver: benchmarks/install chromium chromium-driver");
		Files.createDirectories(PICTURES);
		shop = Application.sample()
			.frugal()
			.loops(4)
			.managementPort()
			.property("management.endpoints.web.base-path", "/manage")
			.property("management.endpoint.eventloop.show-details", "always")
			.property("eventloop.drill.enabled", true)
			.property("POD_NAME", "shop-1")
			.start("shop", logs);
		browser = Browser.open();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
			shop.close();
		}
	}

	@BeforeEach
	void open() {
		browser.resize(1200, 900);
		browser.prefer("light");
		open(pageOf(shop));
	}

	@AfterEach
	void browserShouldNotLogErrors() {
		assertThat(browser.warnings()).noneMatch((warning) -> warning.contains("Content Security Policy")
				|| warning.contains("TypeError") || warning.contains("Uncaught"));
	}

	@Test
	void shouldListAllLoopsAndDrawTheTimeline() {
		browser.await("rows", () -> browser.count("#loops tbody tr") == 5);
		assertThat(IntStream.rangeClosed(1, 4).mapToObj((i) -> "reactor-http-epoll-" + i))
			.allMatch((name) -> browser.text("#loops").contains(name));
		assertThat(browser.text("#loops")).contains("management-http-");
		assertThat(browser.text("#status")).isIn("STARTING", "HEALTHY", "DEGRADED", "OVERLOADED", "STUCK");
		assertThat(browser.text("#reason")).isNotBlank();
		assertThat(browser.text("#figures")).contains("lag p99", "utilization", "over ");
		browser.await("a lane for each loop, with the time and the status", () -> (Boolean) browser
			.run("""
					const canvas = document.getElementById('lanes');
					return canvas.getAttribute('aria-label').includes('Timeline of 5 event loops') && canvas.height > 150
						&& canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0)"""));
	}

	@Test
	void whenLoopIsBlockedShouldShowTheBlockingLine() {
		browser.await("an answer", () -> !browser.text("#status").isEmpty());
		CompletableFuture<HttpResponse<String>> visit = get(shop.url("/offenders/sleep?millis=4000"));
		browser.await("the line", () -> browser.text("#blocked.alarm").contains("SleepController.sleep"));
		assertThat(browser.text("#blocked")).containsPattern(
				"reactor-http-epoll-\\d has been blocked for [\\d.]+ m?s by SleepController.sleep .*SleepController.java:\\d+\\) \\(SLEEPING\\)");
		assertThat(browser.text("#loops tr.stalled")).contains("STALLED for ");
		assertThat(browser.title()).startsWith("1 blocked");
		assertThat(browser.text("#stalls tr.stalled")).contains("/offenders/sleep");
		browser.await("a block at the right edge", () -> (Boolean) browser
			.run("""
					const canvas = document.getElementById('lanes');
					return timeline.blocks().some((block) => block.stall.inProgress && block.right > canvas.clientWidth - 3)"""));
		visit.join();
		browser.await("the end", () -> browser.text("#blocked").startsWith("No loop is blocked right now."));
		assertThat(browser.text("#blocked")).containsPattern(", 4\\.\\d s by SleepController.sleep");
		browser.await("the end in the list", () -> browser.count("#stalls tr.stalled") == 0);
		assertThat(browser.text("#hotspots")).contains("SleepController.sleep", "Mono.delay");
		String widths = columnWidths();
		openStall();
		assertThat(browser.text("#stalls .opened")).contains("java.lang.Thread.sleep", "framework frames");
		assertThat(columnWidths()).as("widths of the columns").isEqualTo(widths);
		openStall();
		assertThat(browser.count("#stalls .opened")).isZero();
	}

	private static void openStall() {
		browser
			.run("""
					[...document.querySelectorAll('#stalls .toggle')].find((line) => line.textContent.includes('SleepController'))
						.click()""");
	}

	private static String columnWidths() {
		return String.valueOf(browser.run(
				"return [...document.querySelectorAll('#stalls th')].map((head) => Math.round(head.clientWidth)).join()"));
	}

	@Test
	void whenStallIsClickedShouldOpenItAndNameItInTheAddress() {
		get(shop.url("/offenders/sleep?millis=1200")).join();
		browser.await("its block", () -> (Boolean) browser.run("return timeline.blocks().some(" + SLEEP + ")"));
		browser.run("""
				const canvas = document.getElementById('lanes');
				const block = timeline.blocks().findLast(%s);
				const box = canvas.getBoundingClientRect();
				for (const type of ['pointerdown', 'pointerup']) {
					canvas.dispatchEvent(new PointerEvent(type, { clientX: box.left + (block.left + block.right) / 2,
						clientY: box.top + (block.top + block.bottom) / 2, pointerId: 1 }));
				}""".formatted(SLEEP));
		assertThat(browser.text("#stall")).containsPattern("reactor-http-epoll-\\d was blocked for ")
			.contains("by SLEEPING at SleepController.sleep", "in a request to /offenders/sleep", "Mono.delay",
					"java.lang.Thread.sleep");
		String address = String.valueOf(browser.run("return location.href"));
		assertThat(address).containsPattern("#stall=\\d+$");
		browser.run("document.getElementById('close').click()");
		assertThat(browser.count("#stall[hidden]")).isEqualTo(1);
		browser.run("location.hash = arguments[0]", address.substring(address.indexOf('#')));
		browser.await("the stall of the address", () -> browser.text("#stall").contains("/offenders/sleep"));
		browser.run("document.getElementById('lanes').focus()");
		browser.press(Keys.ESCAPE);
		assertThat(browser.count("#stall[hidden]")).isEqualTo(1);
	}

	@Test
	void equalStallsShouldBeOneRow() {
		for (int i = 0; i < 3; i++) {
			get(shop.url("/offenders/sleep?millis=150")).join();
		}
		browser.await("a row with several", () -> ((List<?>) browser.run("""
				return [...document.querySelectorAll('#stalls tbody tr')].map((row) => row.innerText)
					.filter((text) => text.includes('SleepController'))""")).size() == 1);
		openStall();
		browser.await("each of them", () -> browser.count("#stalls .times a") >= 3);
	}

	@Test
	void shouldShowWhichApplicationItIs() {
		browser.await("an answer", () -> browser.text("#instance").contains("up "));
		assertThat(browser.text("h1")).isEqualTo("Event loops of shop");
		assertThat(browser.text("#instance")).contains("shop-1");
		assertThat(browser.title()).endsWith(" \u2013 shop on shop-1 \u2013 Event loops");
		assertThat(icon()).startsWith("data:image/svg+xml,").doesNotContain("%238a94a3");
		hide(true);
		assertThat(icon()).as("gray").contains("%238a94a3");
	}

	private static String icon() {
		return String.valueOf(browser.run("return document.getElementById('icon').getAttribute('href')"));
	}

	@Test
	void whenLoopWasBlockedShouldShowTheFindingAndWhatToDo() {
		get(shop.url("/offenders/sleep?millis=1500")).join();
		browser.await("the finding, which may not be the first on a busy machine", () -> {
			browser.run("document.getElementById('others').open = true");
			return browser.text("#findings").contains("SleepController.sleep");
		});
		assertThat(browser.text("#severity")).isIn("CRITICAL", "WARNING", "INFO");
		assertThat(browser.text("#findings-title")).endsWith(".");
		assertThat(browser.text("#advice")).containsPattern("Do now\\s+\\w+")
			.containsPattern("Cure\\s+\\w+")
			.contains("Confidence: ");
		assertThat(browser.run("return document.getElementById('documentation').href").toString())
			.containsPattern("^https://.+/docs/findings\\.md#[a-z-]+$");
		assertThat(browser.count("#findings.critical, #findings.warning, #findings.info")).isEqualTo(1);
	}

	@Test
	void whenNothingIsFoundShouldShowWhatWasChecked() throws IOException {
		HttpServer address = proxy((view, body) -> view.equals("diagnosis") ? withoutFindings(body) : body);
		try {
			open(pageOf(address));
			browser.await("a diagnosis",
					() -> browser.text("#findings-title").equals("No findings in the last five minutes."));
			assertThat(browser.text("#severity")).isEmpty();
			assertThat(browser.text("#findings")).doesNotContain("Do now", "and 0 more");
			browser.run("document.querySelector('#checked summary').click()");
			assertThat(browser.text("#checked")).contains("utilization of the event loops", "not checked: ");
		}
		finally {
			address.stop(0);
		}
	}

	private static String withoutFindings(String diagnosis) {
		ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(diagnosis);
		json.putArray("findings");
		return json.toString();
	}

	@Test
	void whenCopiedShouldCopyMarkdownOrSelectIt() {
		browser.await("a diagnosis", () -> !browser.text("#findings-title").isEmpty());
		browser.run("document.getElementById('copy').focus()");
		browser.press(Keys.ENTER);
		browser.await("a copy", () -> browser.text("#copied").equals("Copied."));
		assertThat(browser.count("#markdown[hidden]")).isEqualTo(1);
		browser.run("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
		browser.press(Keys.ENTER);
		browser.await("a selection", () -> browser.text("#copied").equals("Copy the selected text."));
		assertThat(String.valueOf(browser.run("return document.getSelection().toString()")))
			.startsWith("# Event loop diagnosis")
			.contains("## Checked");
	}

	@Test
	void whenLoopOfThePageIsBlockedShouldShowIt() {
		browser.await("an answer", () -> !browser.text("#status").isEmpty());
		String loop = String.valueOf(browser.run("""
				return [...document.querySelectorAll('#loops tbody th')].map((th) => th.firstChild.textContent)
					.find((name) => name.startsWith('management'))"""));
		CLIENT.sendAsync(HttpRequest.newBuilder(URI.create(pageOf(shop) + "/drill"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"millis\":4000,\"loop\":\"" + loop + "\"}"))
			.build(), BodyHandlers.ofString());
		browser.await("a message",
				() -> browser.text("#feed").contains("The event loop of this connection may be blocked."));
		assertThat(browser.count("body.stale")).isEqualTo(1);
		browser.await("the end", () -> browser.text("#feed").startsWith("Live."));
		assertThat(browser.count("body.stale")).isZero();
	}

	@Test
	void whenStacksAreDrawnShouldBeSearchable() {
		get(shop.url("/offenders/sleep?millis=300")).join();
		get(shop.url("/offenders/regex")).join();
		browser.await("stalls", () -> browser.text("#stalls").contains("SleepController"));
		browser.run("document.getElementById('flames').scrollIntoView()");
		browser.await("frames", () -> browser.count("#flame-graph g.frame") > 5);
		assertThat(browser.text("#flame-graph")).contains("(frameworks)");
		int folded = browser.count("#flame-graph g.frame");
		browser.run("document.getElementById('search').focus()");
		browser.press("sleepcontroller");
		browser.await("what was searched for is marked", () -> (Long) browser.run("""
				return [...document.querySelectorAll('#flame-graph g.frame')].filter((frame) =>
					frame.querySelector('rect').getAttribute('fill') === '#E600E6').length""") > 0);
		browser.press(Keys.TAB);
		browser.press(Keys.SPACE);
		browser.await("frames of frameworks", () -> browser.count("#flame-graph g.frame") > folded + 20);
		browser.press(Keys.TAB, Keys.TAB);
		browser.await("the frame in focus",
				() -> browser.text("#frame").contains(" ms, ") || browser.text("#frame").contains(" s, "));
		int whole = browser.count("#flame-graph g.frame");
		browser.run("document.getElementById('search').focus()");
		browser.press(Keys.chord(Keys.CONTROL, "a"), "no such name");
		browser.await("a message", () -> browser.text("#frame").equals("No matches."));
		browser.run("document.querySelectorAll('#flame-graph g.frame')[3].focus()");
		browser.press(Keys.ENTER);
		browser.run("document.getElementById('whole').click()");
		browser.await("all frames, each to be reached by keyboard",
				() -> browser.count("#flame-graph g.frame[tabindex]") == whole);
	}

	@Test
	void whenTimeIsSelectedTablesShouldFollow() {
		get(shop.url("/offenders/sleep?millis=300")).join();
		browser.await("the stall", () -> browser.text("#stalls").contains("SleepController"));
		browser.run("selection.set({ from: series.now() - 3600000, to: series.now() - 3000000 })");
		assertThat(browser.text("#stalls")).isEqualTo("No stalls in the selected time.");
		assertThat(browser.text("#hotspots")).isEqualTo("No stalls in the selected time.");
		browser.run("document.getElementById('clear').click()");
		assertThat(browser.count("#selected[hidden]")).isEqualTo(1);
		assertThat(browser.text("#stalls")).contains("SleepController");
		browser.drag("#lanes", 0.7);
		browser.await("the selection", () -> browser.text("#selected").contains("Selected: "));
		assertThat(browser.text("#selected")).contains("lag max", "utilization", " stalls.");
	}

	@Test
	void timelineShouldZoomAndMoveByKeyboard() {
		browser.await("some seconds", () -> (Boolean) browser.run("return series.times.length > 25"));
		double before = shown();
		browser.run("document.getElementById('lanes').focus()");
		browser.press("+");
		assertThat(shown()).isCloseTo(before / 2, Percentage.withPercentage(10));
		assertThat(browser.count("#follow[hidden]")).as("follows").isEqualTo(1);
		browser.press(Keys.ARROW_LEFT);
		browser.await("a way back", () -> browser.count("#follow[hidden]") == 0);
		browser.press(Keys.END);
		browser.await("it follows again", () -> browser.count("#follow[hidden]") == 1);
		browser.press("-");
		assertThat(shown()).isCloseTo(before, Percentage.withPercentage(10));
	}

	@Test
	void stallsShouldOpenByKeyboard() {
		get(shop.url("/offenders/sleep?millis=400")).join();
		get(shop.url("/offenders/sleep?millis=2500")).join();
		browser.await("their blocks", () -> (Long) browser.run("return timeline.blocks().filter(" + SLEEP
				+ ").filter((block) => !block.stall.inProgress).length") >= 2);
		browser.run("document.getElementById('lanes').focus()");
		browser.press(Keys.ENTER);
		assertThat(browser.text("#stall")).contains(" was blocked for ");
		assertThat(browser.run("""
				return timeline.blocks().every((block) =>
					block.stall.durationMillis <= stallLog.find(selection.stall()).durationMillis)""")).as("longest")
			.isEqualTo(true);
		String start = "return Date.parse(stallLog.find(selection.stall()).startedAt)";
		long longest = (Long) browser.run(start);
		browser.press(Keys.ARROW_LEFT);
		assertThat((Long) browser.run(start)).isLessThan(longest);
		assertThat(browser.text("#pointed")).isEqualTo(browser.text("#stall-summary"));
		browser.press(Keys.ARROW_RIGHT);
		assertThat((Long) browser.run(start)).isEqualTo(longest);
		browser.press(Keys.ESCAPE);
		assertThat(browser.count("#stall[hidden]")).isEqualTo(1);
	}

	@Test
	void timeShouldBeSelectedAndMovedByKeyboard() {
		browser.await("some seconds", () -> (Boolean) browser.run("return series.times.length > 10"));
		browser.run("document.getElementById('lanes').focus()");
		for (int i = 0; i < 5; i++) {
			browser.run("""
					document.activeElement.dispatchEvent(
						new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true }))""");
		}
		assertThat(browser.text("#selected")).startsWith("Selected: ");
		assertThat(selected("to") - selected("from")).isEqualTo(5000);
		double from = selected("from");
		browser.press(Keys.ARROW_LEFT);
		assertThat(selected("from")).isEqualTo(from - 1000);
		assertThat(selected("to")).isEqualTo(from + 4000);
		browser.press(Keys.ESCAPE);
		assertThat(browser.count("#selected[hidden]")).isEqualTo(1);
	}

	private static double selected(String edge) {
		return ((Number) browser.run("return selection.range()." + edge)).doubleValue();
	}

	@Test
	void whenStallOfTheAddressIsOutOfViewShouldBringItIntoView() {
		get(shop.url("/offenders/sleep?millis=300")).join();
		browser.await("its block", () -> (Boolean) browser.run("return timeline.blocks().some(" + SLEEP + ")"));
		browser.run("window.linked = timeline.blocks().findLast(" + SLEEP
				+ ").stall; document.getElementById('lanes').focus()");
		while (shown() > 5001) {
			browser.press("+");
		}
		browser.await("later seconds", () -> (Boolean) browser
			.run("return timeline.range().from > Date.parse(window.linked.startedAt) + 1000"));
		browser.run("location.hash = '#stall=' + window.linked.id");
		browser.await("the block", () -> (Boolean) browser
			.run("return timeline.blocks().some((block) => block.stall.id === window.linked.id)"));
		assertThat(browser.count("#follow[hidden]")).as("follows").isZero();
	}

	@Test
	void labelsOfBlocksShouldNotOverlap() {
		browser.await("the timeline", () -> (Boolean) browser.run("return series.times.length > 0"));
		assertThat((List<?>) browser
			.run("""
					const context = document.createElement('canvas').getContext('2d');
					const labels = [];
					context.rect = (left, top, width) => labels.push({ left, right: left + width });
					const at = (second) => new Date(second * 1000).toISOString();
					const culprit = { className: 'com.example.SomeController', methodName: 'computeSomething', lineNumber: 7 };
					const stalls = [20, 34, 60, 63, 80].map((second, i) => ({ id: String(i), loop: 'loop', startedAt: at(second),
						durationMillis: 900, culprit }));
					lanes.paint(context, lanes.layout(1000, 1), { from: 0, to: 100_000, now: 100_000, loops: [{ name: 'loop' }], stalls,
						series: { times: [], statusChanges: [], columns: {}, loops: new Map() }, colors: lanes.colors() });
					labels.sort((one, other) => one.left - other.left);
					return labels.map((label, i) => i > 0 && label.left < labels[i - 1].right)"""))
			.hasSizeGreaterThanOrEqualTo(3)
			.noneMatch(Boolean.TRUE::equals);
	}

	@Test
	void onAPhoneLoopsShouldBeOneLineUntilOpened() {
		browser.resize(390, 900);
		browser.await("rows", () -> browser.count("#loops tbody tr") == 5);
		String heights = "return [...document.querySelectorAll('#loops tbody tr')].map((row) => row.clientHeight)";
		assertThat((List<?>) browser.run(heights)).allMatch((height) -> ((Number) height).intValue() < 50);
		String cells = """
				return [...document.querySelectorAll('#loops tr:nth-child(2) td')]
					.filter((cell) => cell.getClientRects().length > 0).length""";
		assertThat((Long) browser.run(cells)).isLessThanOrEqualTo(3);
		browser.run("document.querySelectorAll('#loops .more button')[1].click()");
		assertThat((Long) browser.run(cells)).isEqualTo(7);
		assertThat(browser.count("#loops button[aria-expanded=true]")).isEqualTo(1);
		browser.resize(1200, 900);
		assertThat(browser.text("#loops tbody")).doesNotContain("\u22ef");
	}

	@Test
	void shouldBeReadableWithManyLoops() throws IOException {
		HttpServer address = proxy((view, body) -> view.equals("live") ? withLoops(body, 64) : body);
		try {
			open(pageOf(address));
			browser.await("rows", () -> browser.count("#loops tbody tr") == 64);
			browser.await("lanes", () -> (Boolean) browser
				.run("return document.getElementById('lanes').getAttribute('aria-label').includes('64 event loops')"));
			assertThat((Long) browser.run("return document.getElementById('lanes').clientHeight")).isBetween(640L,
					900L);
			assertThat((Long) browser.run("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(1200);
			browser.screenshot(PICTURES.resolve("64-loops.png"));
		}
		finally {
			address.stop(0);
		}
	}

	/** Copy the first loop. */
	private static String withLoops(String live, int number) {
		ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(live);
		for (String parent : List.of("/eventLoops", "/history")) {
			ArrayNode loops = (ArrayNode) json.at(parent + "/loops");
			for (int i = loops.size(); i < number && !loops.isEmpty(); i++) {
				ObjectNode loop = (ObjectNode) loops.get(0).deepCopy();
				loops.add(loop.put("name", "reactor-http-epoll-" + (i + 1)));
			}
		}
		return json.toString();
	}

	/** States of the loop at the end of the last second, and of its stall now. */
	@ParameterizedTest
	@CsvSource({ "false, true, 300 ms", "true, true, 3.9 s", "true, false, 3.9 s" })
	void whenStallBeganOrEndedAfterTheSecondShouldShowItWithItsLine(boolean stalled, boolean inProgress, String age)
			throws IOException {
		HttpServer address = proxy(
				(view, body) -> view.equals("live") ? withStallOfSecondLoop(body, stalled, inProgress) : body);
		try {
			open(pageOf(address));
			browser.await("the stall", () -> browser.text("#blocked.alarm")
				.contains("#2 has been blocked for " + age + " by Prices.load (Prices.java:12) (SLEEPING)"));
			assertThat(browser.count("#blocked p")).isEqualTo(1);
			assertThat(browser.title()).startsWith("1 blocked");
			browser.await("its block in the second lane", () -> (Boolean) browser.run("""
					const lane = lanes.layout(document.getElementById('lanes').clientWidth, 5).y(1);
					const blocks = timeline.blocks();
					return blocks.length === 1 && blocks[0].top === lane"""));
			browser.run("selection.setStall('7')");
			assertThat(browser.text("#stall")).contains("The loop belongs to lettuce.",
					"In the gateway filter ModifyResponseBody.", "while handling a response from redis-1:6379");
		}
		finally {
			address.stop(0);
		}
	}

	/** Rename the second loop, so that only a number distinguishes it from the first. */
	private static String withStallOfSecondLoop(String live, boolean stalled, boolean inProgress) {
		ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(live);
		String name = json.at("/eventLoops/loops/0/name").asString() + "#2";
		((ObjectNode) json.at("/eventLoops/loops/1")).put("name", name)
			.put("state", stalled ? "STALLED" : "IDLE")
			.put("busyMillis", stalled ? 3900 : 0);
		json.put("complete", true);
		json.putArray("stalls")
			.addObject()
			.put("id", "7")
			.put("loop", name)
			.put("component", "lettuce")
			.put("startedAt", Instant.now().minusSeconds(5).toString())
			.put("durationMillis", inProgress ? (stalled ? 3900 : 300) : 4000)
			.put("inProgress", inProgress)
			.put("cause", "SLEEPING")
			.put("filter", "ModifyResponseBody")
			.put("peer", "redis-1:6379")
			.put("cpuMillis", 1)
			.putObject("culprit")
			.put("className", "com.acme.Prices")
			.put("methodName", "load")
			.put("fileName", "Prices.java")
			.put("lineNumber", 12);
		return json.toString();
	}

	@Test
	void shouldShowTheRequestsOfTheLastSecond() {
		String requests = """
				return [...document.querySelectorAll('#figures div')].map((tile) => tile.innerText)
					.find((text) => text.startsWith('requests')) ?? ''""";
		browser.await("requests", () -> {
			get(shop.url("/products/1")).join();
			return String.valueOf(browser.run(requests)).matches("(?s)requests\\s+[1-9]\\d*\\s+last second");
		});
		browser.await("none", () -> String.valueOf(browser.run(requests)).matches("(?s)requests\\s+0\\s.*"));
		browser.run("selection.set({ from: series.now() - 120000, to: series.now() })");
		assertThat(browser.text("#selected")).containsPattern("requests per second \\d+\\.\\d");
	}

	private static double shown() {
		return ((Number) browser.run("const view = timeline.range(); return view.to - view.from")).doubleValue();
	}

	@Test
	void whenReaderMayNotSeeDetailsShouldNotGetThem() {
		try (Instance other = Application.sample()
			.frugal()
			.property("management.endpoint.eventloop.show-details", "when-authorized")
			.property("POD_NAME", "secret-1")
			.start("reserved", logs)) {
			get(other.url("/products/1")).join();
			get(other.url("/offenders/sleep?millis=2000")).join();
			open(other.url("/actuator/eventloop"));
			browser.await("the stall", () -> browser.text("#stalls").contains("SLEEPING"));
			assertThat(browser.text("#hint")).contains("management.endpoint.eventloop.show-details=always");
			assertThat(browser.text("#stalls thead") + browser.text("#hotspots thead")).contains("cause", "longest")
				.doesNotContain("line", "route", "advice");
			assertThat(browser.count("#flames[hidden]")).isEqualTo(1);
			String live = get(other.url("/actuator/eventloop/live")).join().body();
			assertThat(live).contains("SLEEPING", "\"shop\"")
				.doesNotContain("SleepController", "/offenders", "secret-1");
			browser.await("its finding", () -> browser.text("#findings-title").contains("blocked"));
			assertThat(browser.text("#others summary")).contains(" more");
			assertThat(browser.text("body")).doesNotContain("SleepController", "/offenders", "secret-1");
			assertThat(browser.title()).endsWith(" \u2013 shop \u2013 Event loops");
		}
	}

	@Test
	void whenServerIsUnreachableShouldShowItAndResume() {
		Application application = Application.sample().frugal().property("server.port", Haproxy.freePort());
		Instance first = application.start("first", logs);
		open(first.url("/actuator/eventloop"));
		browser.await("an answer", () -> browser.text("#feed").startsWith("Live."));
		first.close();
		browser.await("a message", () -> browser.text("#feed").contains("Cannot reach the application."));
		assertThat(browser.text("#feed")).containsPattern("No response since \\d\\d:\\d\\d:\\d\\d\\.")
			.contains("The values below are from that time.");
		try (Instance second = application.start("second", logs)) {
			browser.await("it is back", () -> browser.text("#feed").startsWith("Live."));
			assertThat(browser.count("#loops tbody tr")).isGreaterThanOrEqualTo(4);
			assertThat(second.process().isAlive()).isTrue();
		}
	}

	@Test
	void whenHiddenShouldNotPoll() {
		browser.await("an answer", () -> browser.text("#feed").startsWith("Live."));
		hide(true);
		assertThat(browser.title()).startsWith("not updating");
		long hidden = requests("/live?");
		long diagnoses = requests("/diagnosis");
		long start = System.nanoTime();
		browser.await("a few seconds", () -> System.nanoTime() - start > Duration.ofSeconds(6).toNanos());
		// The last request may have been on its way.
		assertThat(requests("/live?") - hidden).isLessThanOrEqualTo(1);
		assertThat(requests("/diagnosis") - diagnoses).isLessThanOrEqualTo(1);
		hide(false);
		browser.await("an update", () -> requests("/live?") - hidden >= 2);
	}

	@Test
	void shouldRequestTheDiagnosisLessOftenThanTheChanges() {
		browser.await("a diagnosis", () -> requests("/diagnosis") == 1);
		long polls = requests("/live?");
		browser.await("more polls", () -> requests("/live?") - polls >= 5);
		long diagnoses = requests("/diagnosis");
		assertThat(diagnoses).isLessThanOrEqualTo(4);
		get(shop.url("/offenders/sleep?millis=300")).join();
		browser.await("a diagnosis of the stall", () -> requests("/diagnosis") > diagnoses);
	}

	private static void hide(boolean hidden) {
		browser.run("""
				Object.defineProperty(document, 'hidden', { get: () => arguments[0], configurable: true });
				document.dispatchEvent(new Event('visibilitychange'));""".replace("arguments[0]",
				String.valueOf(hidden)));
	}

	private static long requests(String view) {
		return (Long) browser.run(
				"return performance.getEntriesByType('resource').filter((entry) => entry.name.includes(arguments[0])).length",
				view);
	}

	/** A page that did not would do so by chance, but not twice. */
	@Test
	void shouldPollShortlyAfterTheEndOfASecond() {
		for (int i = 0; i < 2; i++) {
			browser.await("three such polls", () -> (Boolean) browser
				.run("""
						const polls = performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/live?after='));
						return polls.length >= 3 && polls.slice(-3).every((poll) => {
							const after = Number(new URL(poll.name).searchParams.get('after'));
							const late = (performance.timeOrigin + poll.startTime - after) % 1000;
							return late > 50 && late < 200;
						});"""));
			long start = System.nanoTime();
			browser.await("another time of the second",
					() -> System.nanoTime() - start > Duration.ofMillis(430).toNanos());
			open(pageOf(shop));
		}
	}

	@Test
	void whenInstancesAlternateShouldNotPollInALoop() throws IOException {
		AtomicInteger requests = new AtomicInteger();
		HttpServer address = proxy((view, body) -> view.equals("live")
				? body.replaceFirst("\"instance\":\"", "\"instance\":\"" + requests.incrementAndGet()) : body);
		try {
			open(pageOf(address));
			browser.await("some answers", () -> requests.get() >= 4);
			assertThat(browser.text("#feed")).startsWith("Live.");
			long start = System.nanoTime();
			int before = requests.get();
			browser.await("some more", () -> System.nanoTime() - start > Duration.ofSeconds(4).toNanos());
			assertThat(requests.get() - before).as("polls in four seconds").isBetween(2, 12);
		}
		finally {
			address.stop(0);
		}
	}

	/** Start a proxy that changes the bodies of responses, by the name of the view. */
	private static HttpServer proxy(BinaryOperator<String> change) throws IOException {
		HttpServer address = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		String path = "/actuator/eventloop";
		address.createContext(path, (exchange) -> {
			String view = exchange.getRequestURI().getPath().substring(path.length());
			String query = exchange.getRequestURI().getRawQuery();
			HttpResponse<String> answer = get(pageOf(shop) + view + ((query != null) ? "?" + query : ""),
					exchange.getRequestHeaders().getFirst("Accept"))
				.join();
			exchange.getResponseHeaders().add("Content-Type", answer.headers().firstValue("Content-Type").orElse(""));
			byte[] bytes = change.apply(view.replace("/", ""), answer.body()).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(answer.statusCode(), bytes.length);
			exchange.getResponseBody().write(bytes);
			exchange.close();
		});
		address.start();
		return address;
	}

	private static String pageOf(HttpServer proxy) {
		return "http://127.0.0.1:" + proxy.getAddress().getPort() + "/actuator/eventloop";
	}

	@Test
	void whenNamesAreMarkupShouldShowThemAsText() {
		try (Instance hostile = Application.of(HostileApplication.class)
			.frugal()
			.property("management.endpoint.eventloop.show-details", "always")
			.property("spring.application.name", HostileApplication.MARKUP)
			.property("POD_NAME", HostileApplication.MARKUP)
			.start("hostile", logs)) {
			get(hostile.url("/%3Cb%3Ebold%3C/b%3E")).join();
			open(hostile.url("/actuator/eventloop"));
			browser.await("the stall", () -> browser.text("#hotspots").contains("SLEEPING"));
			browser.run("document.getElementById('flames').scrollIntoView()");
			browser.await("frames", () -> browser.count("#flame-graph g.frame") > 2);
			assertThat(browser.text("#loops")).contains(HostileApplication.MARKUP, "</script>");
			assertThat(browser.text("#hotspots")).contains("<img src=x");
			browser.await("the finding", () -> {
				browser.run("document.getElementById('others').open = true");
				return browser.text("#findings").contains("<img src=x");
			});
			assertThat(browser.text("h1")).contains(HostileApplication.MARKUP);
			assertThat(browser.text("#instance")).contains(HostileApplication.MARKUP);
			assertThat(browser.title()).contains(HostileApplication.MARKUP);
			assertThat(browser.count("body img, main script, header script, body b")).isZero();
			assertThat(browser.run("return document.body.dataset.owned ?? 'no'")).isEqualTo("no");
		}
	}

	@Test
	void whenSavedShouldOpenWithoutServer(@TempDir Path directory) throws IOException {
		get(shop.url("/offenders/sleep?millis=300")).join();
		browser.await("the stall", () -> browser.text("#stalls").contains("SleepController"));
		Path file = directory.resolve("saved.html");
		Files.writeString(file, PagePictures.save(browser));
		assertThat(file).content().contains("connect-src 'none'").hasSizeLessThan(1_000_000);
		open(file.toUri().toString());
		browser.await("the saved page", () -> browser.text("#feed").startsWith("Saved on "));
		assertThat(browser.text("#stalls")).contains("SleepController");
		assertThat(browser.text("#routes")).contains("/offenders/sleep");
		assertThat(browser.text("#status")).isNotBlank();
		browser.await("the diagnosis", () -> !browser.text("#findings-title").isEmpty());
		browser.run("document.getElementById('flames').scrollIntoView()");
		browser.await("frames", () -> browser.count("#flame-graph g.frame") > 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void shouldBeAccessible(String scheme) throws IOException {
		assumeTrue(Files.exists(AXE), "Needs axe: benchmarks/install axe");
		browser.prefer(scheme);
		get(shop.url("/offenders/sleep?millis=300")).join();
		browser.await("the stall", () -> browser.text("#stalls").contains("SleepController"));
		openStall();
		browser.run(Files.readString(AXE));
		browser.run("""
				axe.run().then((results) => document.body.dataset.violations =
					results.violations.map((each) => each.id + ' ' + each.nodes[0].html).join('\\n'))""");
		browser.await("results", () -> (Boolean) browser.run("return 'violations' in document.body.dataset"));
		assertThat(browser.run("return document.body.dataset.violations")).isEqualTo("");
	}

	@ParameterizedTest
	@CsvSource({ "light, 1200", "dark, 1200", "light, 390", "dark, 390" })
	void shouldBeReadableInBothSchemesAndOnAPhone(String scheme, int width) throws IOException {
		browser.resize(width, 900);
		browser.prefer(scheme);
		browser.await("a diagnosis", () -> !browser.text("#findings-title").isEmpty());
		browser.await("the timeline",
				() -> (Boolean) browser.run("return document.getElementById('lanes').clientHeight > 100"));
		assertThat((Long) browser.run("return document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
		assertThat((List<?>) browser
			.run("""
					const luminance = (color) => {
						const parts = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
							.map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
						return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
					};
					const behind = (element) => {
						const color = getComputedStyle(element).backgroundColor;
						return color === 'rgba(0, 0, 0, 0)' ? behind(element.parentElement) : color;
					};
					return [...document.querySelectorAll('h1, h2, #instance, #feed, #severity, #findings-title, #advice a, summary, #status, #reason, #blocked, dt, dd, #loops th, #loops td, button, .hint')]
						.filter((element) => !element.disabled)
						.filter((element) => {
							const values = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
							return (values[0] + 0.05) / (values[1] + 0.05) < 4.5;
						}).map((element) => element.outerHTML.substring(0, 100))"""))
			.as("too little contrast")
			.isEmpty();
		boolean dark = (Boolean) browser
			.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part < 60)");
		assertThat(dark).isEqualTo(scheme.equals("dark"));
		browser.screenshot(PICTURES.resolve(scheme + "-" + width + ".png"));
	}

	private static void open(String url) {
		browser.warnings();
		browser.go(url);
	}

	private static String pageOf(Instance instance) {
		return instance.managementUrl("/manage/eventloop");
	}

	private static CompletableFuture<HttpResponse<String>> get(String url) {
		return get(url, "*/*");
	}

	private static CompletableFuture<HttpResponse<String>> get(String url, String type) {
		return CLIENT.sendAsync(HttpRequest.newBuilder(URI.create(url)).header("Accept", type).build(),
				BodyHandlers.ofString());
	}

}
