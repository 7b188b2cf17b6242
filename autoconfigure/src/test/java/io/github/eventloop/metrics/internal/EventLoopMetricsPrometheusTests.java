package io.github.eventloop.metrics.internal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.eventloop.monitor.ManualLoop;
import io.github.eventloop.monitor.ManualMonitor;
import io.github.eventloop.stall.StallCause;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopMetrics} in a Prometheus registry.
 */
class EventLoopMetricsPrometheusTests {

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

	private final ManualMonitor time = new ManualMonitor();

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	private final EventLoopMetrics metrics = new EventLoopMetrics(this.time.monitor(), null);

	private final ManualLoop loop = this.time.addLoop("reactor-http", "reactor-http-epoll-1");

	@BeforeEach
	void runForOneSecond() {
		this.metrics.bindTo(this.registry);
		this.loop.start();
		this.loop.channels = 2;
		this.loop.idle(Duration.ofMillis(750));
		this.loop.iterate(3, Duration.ofMillis(250), Duration.ZERO);
		this.time.endSecond();
	}

	@AfterEach
	void close() {
		this.metrics.close();
		this.registry.close();
	}

	@Test
	void scrapeShouldContainNamesUsedByDashboards() {
		Set<String> names = new TreeSet<>();
		samples().forEach((sample) -> names.add(sample.split("[{ ]", 2)[0]));
		assertThat(names).containsExactly("eventloop_channels", "eventloop_cpu_utilization", "eventloop_events_total",
				"eventloop_events_waiting_total", "eventloop_iterations_total", "eventloop_lag_seconds_count",
				"eventloop_lag_seconds_max", "eventloop_lag_seconds_sum", "eventloop_pauses_seconds_count",
				"eventloop_pauses_seconds_max", "eventloop_pauses_seconds_sum", "eventloop_requests_active",
				"eventloop_stalls_in_progress", "eventloop_stalls_seconds_count", "eventloop_stalls_seconds_max",
				"eventloop_stalls_seconds_sum", "eventloop_tasks_pending", "eventloop_time_seconds_total",
				"eventloop_utilization");
	}

	@Test
	void scrapeShouldContainOnlyTagsOfTheLoop() {
		assertThat(samples()).allSatisfy((sample) -> LABEL.matcher(sample).results().forEach((label) -> {
			switch (label.group(1)) {
				case "group" -> assertThat(label.group(2)).isEqualTo("reactor-http");
				case "name" -> assertThat(label.group(2)).isEqualTo("reactor-http-epoll-1");
				case "cause" ->
					assertThat(StallCause.values()).extracting((cause) -> cause.name().toLowerCase(Locale.ROOT))
						.contains(label.group(2));
				default -> {
					assertThat(label.group(1)).isEqualTo("state");
					assertThat(label.group(2)).isIn("io", "tasks", "idle");
				}
			}
		}));
		String tags = "{group=\"reactor-http\",name=\"reactor-http-epoll-1\"} ";
		assertThat(samples()).contains("eventloop_channels" + tags + "2.0", "eventloop_events_total" + tags + "3.0",
				"eventloop_utilization" + tags + "0.25",
				"eventloop_time_seconds_total{group=\"reactor-http\",name=\"reactor-http-epoll-1\",state=\"idle\"} 0.75");
	}

	@Test
	void whenScrapedTwiceInASecondShouldReturnTheSame() {
		List<String> first = samples();
		this.loop.idle(Duration.ofMillis(300));
		this.loop.iterate(5, Duration.ofMillis(100), Duration.ofMillis(100));
		assertThat(samples()).isEqualTo(first);
		this.time.endSecond();
		assertThat(samples()).isNotEqualTo(first);
	}

	@Test
	void whenLoopIsReplacedShouldScrapeOnlyTheNewOne() {
		this.loop.terminated = true;
		ManualLoop successor = this.time.addLoop(this.loop.group(), this.loop.name()).start();
		this.time.pass(Duration.ofSeconds(1));
		this.time.endSecond();
		assertThat(samples()).filteredOn((sample) -> sample.startsWith("eventloop_events_total"))
			.singleElement()
			.asString()
			.endsWith(" 0.0");
		successor.terminated = true;
		this.time.endSecond();
		assertThat(samples()).noneMatch((sample) -> sample.contains("reactor-http"));
	}

	private List<String> samples() {
		return this.registry.scrape().lines().filter((line) -> !line.startsWith("#")).toList();
	}

}
