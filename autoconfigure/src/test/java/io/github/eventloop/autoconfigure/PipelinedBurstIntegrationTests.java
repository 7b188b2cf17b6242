package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.netty.internal.PipeliningClient;
import io.github.eventloop.netty.internal.PipeliningClient.Response;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests an application that receives many pipelined requests of one client at once.
 */
class PipelinedBurstIntegrationTests {

	/** Netty closes a connection on which more than 128 requests wait. */
	private static final int BURST = 120;

	/** Far less than a burst, in case another client is served in the same iteration. */
	private static final int FEW = 20;

	@Test
	void shouldStartFewRequestsInOneIteration() throws Exception {
		try (ConfigurableApplicationContext context = run("eventloop.pacing.enabled=true");
				PipeliningClient client = client(context)) {
			assertThat(client.send(PipeliningClient.gets("/missing/", BURST)).read(BURST)).extracting(Response::status)
				.containsOnly(404);
			assertThat(client.send(PipeliningClient.get("/loop").repeat(BURST)).read(BURST))
				.extracting(Response::status)
				.containsOnly(200);
			assertThat(context.getBean(IterationFilter.class).mostRequests()).isBetween(1, FEW);
			assertThat(context.getBean(EventLoopHealth.class).status()).isNotIn(EventLoopStatus.STUCK,
					EventLoopStatus.OVERLOADED);
		}
	}

	@Test
	void byDefaultShouldStartManyRequestsInOneIteration() throws Exception {
		try (ConfigurableApplicationContext context = run(); PipeliningClient client = client(context)) {
			client.send(PipeliningClient.gets("/missing/", BURST)).read(BURST);
			assertThat(context.getBean(IterationFilter.class).mostRequests()).isGreaterThan(FEW);
		}
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return BlockableApplication.run(List.of(FilterConfiguration.class), properties);
	}

	private static PipeliningClient client(ConfigurableApplicationContext context) throws Exception {
		return new PipeliningClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class FilterConfiguration {

		@Bean
		IterationFilter iterationFilter() {
			return new IterationFilter();
		}

	}

	/** Counts the requests that each iteration of a loop has started. */
	static final class IterationFilter implements WebFilter {

		private final Map<Long, AtomicInteger> iterations = new ConcurrentHashMap<>();

		@Override
		public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
			if (Thread.currentThread() instanceof MonitoredThread thread) {
				this.iterations.computeIfAbsent(thread.recorder().iterationSince(), (iteration) -> new AtomicInteger())
					.incrementAndGet();
			}
			return chain.filter(exchange);
		}

		int mostRequests() {
			return this.iterations.values().stream().mapToInt(AtomicInteger::get).max().orElse(0);
		}

	}

}
