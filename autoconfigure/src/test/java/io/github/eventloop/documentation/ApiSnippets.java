package io.github.eventloop.documentation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.stereotype.Service;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.EventLoopStatusChangedEvent;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.EventLoopUsage;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.LoopState;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.StallSettings;

/**
 * Code of {@code docs/api.md}: a snippet is the code between its {@code tag} and
 * {@code end} lines.
 */
class ApiSnippets {

	private static final Log logger = LogFactory.getLog(ApiSnippets.class);

	List<String> snapshot(EventLoopMonitor monitor) {
		// tag::snapshot
		EventLoopSnapshot now = monitor.snapshot();
		double lagP99Millis = now.lag().p99Nanos() / 1e6;
		List<String> stalled = now.loops()
			.stream()
			.filter((loop) -> loop.state() == LoopState.STALLED)
			.map(LoopSnapshot::name)
			.toList();
		// end::snapshot
		logger.info(lagP99Millis);
		return stalled;
	}

	EventLoopUsage since(EventLoopMonitor monitor, Runnable nightlyImport) {
		// tag::since
		EventLoopSnapshot before = monitor.snapshot();
		nightlyImport.run();
		EventLoopUsage usage = monitor.snapshot().since(before);
		logger.info("The import took %d ms and %.0f %% of the loops".formatted(usage.duration().toMillis(),
				usage.utilization() * 100));
		// end::since
		return usage;
	}

	boolean status(EventLoopHealth health) {
		// tag::status
		boolean inService = health.status().isInService();
		// end::status
		return inService;
	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		// tag::event
		@EventListener
		void statusChanged(EventLoopStatusChangedEvent event) {
			logger.warn("Event loops: %s to %s, %s".formatted(event.from(), event.to(), event.reason()));
		}
		// end::event

	}

	@Service
	static class Recommendations {

		private final EventLoopHealth health;

		private final Function<String, Flux<String>> search;

		Recommendations(EventLoopHealth health, Function<String, Flux<String>> search) {
			this.health = health;
			this.search = search;
		}

		// tag::reading
		Flux<String> similarTo(String product) {
			if (this.health.status() == EventLoopStatus.HEALTHY) {
				return this.search.apply(product);
			}
			return Flux.empty();
		}
		// end::reading

	}

	@Configuration(proxyBeanMethods = false)
	static class Signalling {

		// tag::signal
		@Bean
		HealthSignal waitingOrders(BlockingQueue<String> orders) {
			return (second) -> {
				int waiting = orders.size();
				return (waiting >= 100) ? new Judgement(EventLoopStatus.OVERLOADED, waiting + " orders wait") : null;
			};
		}
		// end::signal

	}

	@Configuration(proxyBeanMethods = false)
	static class Gated {

		// tag::gate
		@Bean
		ReadinessGate readinessGate(Registry registry) {
			return new ReadinessGate() {

				@Override
				public Decision leave(Departure departure) {
					return registry.leave(departure.recall()) ? Decision.granted("enough instances remain")
							: Decision.refused("too few instances would remain");
				}

				@Override
				public void returned() {
					registry.returned();
				}

			};
		}
		// end::gate

	}

	@Configuration(proxyBeanMethods = false)
	static class EverySecond {

		// tag::listener
		@Bean
		EventLoopListener busySeconds(EventLoopMonitor monitor) {
			EventLoopListener listener = new EventLoopListener() {

				@Override
				public void onSecond(EventLoopSecond second) {
					if (second.utilization() > 0.8) {
						logger.info("Loops are busy: %.0f %%".formatted(second.utilization() * 100));
					}
				}

			};
			monitor.addListener(listener);
			return listener;
		}
		// end::listener

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		// tag::client
		@Bean(destroyMethod = "dispose")
		MonitoredLoopResources partnerLoops() {
			return MonitoredLoopResources.builder("partner").workerCount(2).build();
		}

		@Bean
		WebClient partnerClient(MonitoredLoopResources partnerLoops) {
			HttpClient client = HttpClient.create().runOn(partnerLoops);
			return WebClient.builder().clientConnector(new ReactorClientHttpConnector(client)).build();
		}
		// end::client

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		// tag::factory
		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory.setLoopResourcesSupplier(() -> MonitoredLoopResources.create("shop-http"));
			return factory;
		}
		// end::factory

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSettings {

		// tag::settings
		@Bean
		StallSettings stallSettings() {
			return new StallSettings(StallSettings.DEFAULT.sampleInterval(), Duration.ZERO);
		}
		// end::settings

	}

	/** Service registry that all instances share. */
	interface Registry {

		boolean leave(Consumer<String> recall);

		void returned();

	}

}
