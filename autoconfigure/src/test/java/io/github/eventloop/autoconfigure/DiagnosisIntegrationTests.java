package io.github.eventloop.autoconfigure;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.finding.FindingDetector;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the diagnosis that the endpoint shows, with a real server.
 */
class DiagnosisIntegrationTests {

	private static final String DIAGNOSIS = "/actuator/eventloop/diagnosis";

	private static final String BLOCKING_CALL = "blocking-call";

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void whenHandlerBlocksShouldTellWhereAndWhatToDo() {
		Visitor visitor = start("management.endpoint.eventloop.show-details=always");
		JsonNode finding = block(visitor);
		assertThat(finding.propertyNames()).containsExactly("id", "severity", "title", "evidence", "confidence",
				"action", "cure", "docs");
		assertThat(finding.get("title").asString()).contains("blocked event loop", "BlockableApplication.block");
		assertThat(finding.get("cure").asString()).contains("Mono.delay");
		assertThat(finding.get("docs").asString()).isEqualTo("docs/findings.md#blocking-call");
		JsonNode evidence = finding.get("evidence");
		assertThat(evidence.propertyNames()).containsSubsequence("since", "lastSeenAt", "loops", "figures", "stalls",
				"culprit", "routes");
		assertThat(evidence.at("/culprit/lineNumber").asInt()).isPositive();
		assertThat(evidence.at("/routes/0").asString()).isEqualTo("/block/{millis}");
		assertThat(evidence.at("/stalls/maxMillis").asDouble()).isGreaterThanOrEqualTo(1190);
		assertThat(evidence.at("/stalls/lagShare").asDouble()).isBetween(0.0, 1.0);
		JsonNode all = visitor.json(DIAGNOSIS);
		assertThat(all.propertyNames()).containsExactly("at", "periodSeconds", "summary", "findings", "checked",
				"notChecked");
		assertThat(all.get("notChecked").toString()).contains("eventloop.workers.enabled=true",
				"eventloop.blocking.detector=jfr");
	}

	@Test
	void whenMarkdownIsAcceptedShouldAnswerWithIt() {
		Visitor visitor = start("management.endpoint.eventloop.show-details=always");
		block(visitor);
		HttpResponse<String> response = visitor.send("GET", DIAGNOSIS, "", "Accept", "text/markdown");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/markdown;charset=UTF-8");
		assertThat(response.body()).startsWith("# Event loop diagnosis")
			.contains("BlockableApplication.block", "`/block/{millis}`", "**Do now**", "**Cure**", "## Checked");
	}

	@Test
	void whenDetailsAreHiddenShouldShowNumbersOnly() {
		Visitor visitor = start("management.endpoint.eventloop.show-details=never");
		JsonNode finding = block(visitor);
		assertThat(finding.get("title").asString()).contains("blocked event loop");
		JsonNode all = visitor.json(DIAGNOSIS);
		assertThat(all.get("hint").asString()).contains("management.endpoint.eventloop.show-details");
		assertThat(all.get("findings").valueStream()).extracting((each) -> each.get("id").asString())
			.contains("details-hidden");
		String markdown = visitor.send("GET", DIAGNOSIS, "", "Accept", "text/markdown").body();
		assertThat(List.of(all.toString(), markdown)).allSatisfy((text) -> assertThat(text).contains(BLOCKING_CALL)
			.doesNotContain("BlockableApplication")
			.doesNotContain("/block/")
			.doesNotContain("Mono.delay"));
	}

	@Test
	void whenNothingIsWrongShouldTellWhatWasLookedAt() {
		Visitor visitor = start();
		// Stalls of the start are forgotten.
		Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			visitor.send("DELETE", "/actuator/eventloop/stalls", "");
			JsonNode all = visitor.json(DIAGNOSIS);
			assertThat(all.get("summary").asString()).isEqualTo("Nothing is wrong with the event loops.");
			assertThat(all.get("findings")).isEmpty();
			assertThat(all.get("checked").toString()).contains("status ", "p99", "stalls in the last 300 s");
		});
	}

	@Test
	void whenWorkersAreExhaustedShouldTellForHowLong() {
		Scheduler scheduler = Schedulers.newBoundedElastic(1, 100, "boundedElastic");
		Schedulers.Snapshot before = Schedulers.setFactoryWithSnapshot(new Schedulers.Factory() {

			@Override
			public Scheduler newBoundedElastic(int threads, int queued, ThreadFactory factory, int ttl) {
				return scheduler;
			}

		});
		Disposable task = null;
		try {
			this.context = BlockableApplication.run("eventloop.workers.enabled=true");
			task = Schedulers.boundedElastic().schedule(DiagnosisIntegrationTests::sleep);
			FindingDetector detector = this.context.getBean(FindingDetector.class);
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(detector.find(true).findings()).anySatisfy((finding) -> {
					assertThat(finding.id()).isEqualTo("workers-exhausted");
					assertThat(finding.title()).contains("boundedElastic");
				}));
		}
		finally {
			if (task != null) {
				task.dispose();
			}
			Schedulers.resetFrom(before);
		}
	}

	private static void sleep() {
		try {
			Thread.sleep(60_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Visitor start(String... properties) {
		this.context = BlockableApplication.run(properties);
		return Visitor.of(this.context);
	}

	/** On a busy machine, the cause of a stall may be starvation instead of the sleep. */
	private static JsonNode block(Visitor visitor) {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).until(() -> {
			visitor.block(Duration.ofMillis(1200));
			return visitor.json(DIAGNOSIS)
				.get("findings")
				.valueStream()
				.filter((finding) -> finding.get("id").asString().equals(BLOCKING_CALL))
				.findFirst();
		}, Optional::isPresent).orElseThrow();
	}

}
