package io.github.eventloop.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import io.github.eventloop.monitor.EventLoopMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that readers do no harm: neither one that reads permanently, nor a thousand at
 * once.
 */
class ManyReadersTests {

	private static final int SCRAPES = 100;

	private static final int READERS = 1000;

	private static final Pattern COUNTER = Pattern
		.compile("(?m)^(eventloop_\\w+_(?:total|count|sum|bucket)(?:\\{[^}]*\\})?) ([-+.0-9Ee]+)$");

	@Test
	void whenScrapedEveryTenMillisecondsCountersShouldBeMonotonic() throws Exception {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of(),
				"--management.endpoints.web.exposure.include=health,eventloop,prometheus",
				"--management.prometheus.metrics.export.enabled=true",
				"--management.defaults.metrics.export.enabled=true")) {
			Client client = Client.of(context);
			Client blocking = Client.of(context);
			Map<String, Double> counters = new HashMap<>();
			Map<String, Long> loops = new HashMap<>();
			blocking.get("/loop");
			CompletableFuture<?> stall = blocking.begin("/sleep/1000");
			for (int i = 0; i < SCRAPES; i++) {
				readMeters(client, counters);
				readLoops(client, loops);
				TimeUnit.MILLISECONDS.sleep(10); // between two scrapes
			}
			stall.get(60, TimeUnit.SECONDS);
			assertThat(counters).hasSizeGreaterThan(20);
			assertThat(counters.keySet()).anyMatch((name) -> name.startsWith("eventloop_lag_seconds_count"));
			assertThat(loops).isNotEmpty();
			assertThat(cost(context.getBean(EventLoopMonitor.class))).isLessThan(Duration.ofMillis(2));
		}
	}

	private static void readMeters(Client client, Map<String, Double> counters) {
		COUNTER.matcher(client.get("/actuator/prometheus").body()).results().forEach((match) -> {
			double value = Double.parseDouble(match.group(2));
			Double before = counters.put(match.group(1), value);
			assertThat(value).as(match.group(1)).isGreaterThanOrEqualTo((before != null) ? before : 0);
		});
	}

	private static void readLoops(Client client, Map<String, Long> loops) {
		for (JsonNode loop : client.eventLoops().get("loops")) {
			for (String field : List.of("iterations", "events", "eventsWaiting")) {
				String name = loop.get("name").asString() + " " + field;
				long value = loop.get(field).asLong();
				Long before = loops.put(name, value);
				assertThat(value).as(name).isGreaterThanOrEqualTo((before != null) ? before : 0);
			}
		}
	}

	/** Return the median, because the thread may be preempted during some calls. */
	private static Duration cost(EventLoopMonitor monitor) {
		long[] nanos = new long[1000];
		for (int i = 0; i < nanos.length; i++) {
			long begin = System.nanoTime();
			monitor.snapshot();
			nanos[i] = System.nanoTime() - begin;
		}
		Arrays.sort(nanos);
		return Duration.ofNanos(nanos[nanos.length / 2]);
	}

	@Test
	void whenAThousandReadAtOnceShouldServeThemAndTheApplication() throws Exception {
		try (ConfigurableApplicationContext context = FaultyApplication.run(List.of())) {
			Client own = Client.of(context);
			own.get("/sleep/200");
			Client readers = Client.of(context);
			List<String> paths = List.of("/actuator/eventloop", "/actuator/eventloop/history",
					"/actuator/eventloop/stalls", "/actuator/eventloop/live");
			List<CompletableFuture<Integer>> responses = new ArrayList<>();
			for (int i = 0; i < READERS; i++) {
				responses
					.add(readers.begin(paths.get(i % paths.size())).thenApply((response) -> response.statusCode()));
			}
			int served = 0;
			CompletableFuture<Void> all = CompletableFuture.allOf(responses.toArray(CompletableFuture<?>[]::new));
			do {
				assertThat(own.begin("/loop").get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
				served++;
			}
			while (!all.isDone());
			all.join();
			assertThat(served).isPositive();
			assertThat(responses).extracting(CompletableFuture::join).containsOnly(200);
			assertThat(own.stalls()).isNotEmpty();
		}
	}

}
