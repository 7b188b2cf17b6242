package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.actuate.internal.EndpointRequests;
import io.github.eventloop.actuate.internal.EventLoopEndpoint;
import io.github.eventloop.actuate.internal.EventLoopEndpointJmxExtension;
import io.github.eventloop.actuate.internal.EventLoopEndpointLinks;
import io.github.eventloop.actuate.internal.EventLoopEndpointServletExtension;
import io.github.eventloop.actuate.internal.EventLoopEndpointWebExtension;
import io.github.eventloop.actuate.internal.PollHandler;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.jfr.internal.CaptureFiles;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.netty.internal.DirectRequest;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.ExhaustedPools;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link EventLoopEndpoint}.
 * Requires only an {@link EventLoopMonitor}: if {@link EventLoopAutoConfiguration} is
 * excluded and the application has a monitor of its own, the data that would be missing
 * is left out of the responses.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class,
		afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration",
		beforeName = "org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration")
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(EventLoopMonitor.class)
@ConditionalOnEventLoopEnabled
public final class EventLoopEndpointAutoConfiguration {

	/** Also if the endpoint is not exposed, to say so. */
	@Bean
	PageLocation eventLoopPageLocation(ConfigurableApplicationContext context,
			ObjectProvider<PathMappedEndpoints> paths) {
		return new PageLocation(context, paths);
	}

	/**
	 * Nested, because the enclosing condition on the classes of Actuator must be
	 * evaluated before Boot reads {@code @ConditionalOnAvailableEndpoint}, which is one
	 * of them.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnAvailableEndpoint(EventLoopEndpoint.class)
	@EnableConfigurationProperties(EndpointProperties.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		EventLoopEndpoint eventLoopEndpoint(EventLoopMonitor monitor, ObjectProvider<EventLoopHealth> health,
				ObjectProvider<StallDetector> stalls, ObjectProvider<BlockingCalls> blocking,
				ObjectProvider<BlockingProperties> blockingProperties, FindingDetector findings,
				EndpointProperties properties, Environment environment, ObjectProvider<BuildProperties> build) {
			BlockingCalls calls = blocking.getIfAvailable();
			return new EventLoopEndpoint(monitor, health.getIfAvailable(), stallsOf(monitor, stalls),
					(calls != null) ? calls : new BlockingCalls(new StackReader(List.of())),
					detector(blockingProperties).name().toLowerCase(Locale.ROOT), findings, properties.toDetails(),
					EndpointFacts.application(environment, build.getIfUnique()));
		}

		@Bean
		FindingDetector eventLoopFindingDetector(EventLoopMonitor monitor, ObjectProvider<EventLoopHealth> health,
				ObjectProvider<HealthSettings> settings, ObjectProvider<StallDetector> stalls,
				ObjectProvider<BlockingCalls> blocking, ObjectProvider<BlockingProperties> blockingProperties,
				ObjectProvider<ExhaustedPools> pools, ObjectProvider<WorkerWaits> workers, Environment environment) {
			boolean detected = detector(blockingProperties) != BlockingProperties.Detector.NONE;
			BlockingCalls calls = detected ? blocking.getIfAvailable() : null;
			HealthSettings thresholds = settings.getIfAvailable();
			return new FindingDetector(monitor, stallsOf(monitor, stalls), health.getIfAvailable(),
					(thresholds != null) ? thresholds : HealthSettings.DEFAULT,
					() -> (calls != null) ? calls.list() : null,
					new ProcessFactsReader(monitor, pools, workers, environment));
		}

		private static BlockingProperties.Detector detector(ObjectProvider<BlockingProperties> properties) {
			BlockingProperties available = properties.getIfAvailable();
			return (available != null) ? available.getDetector() : BlockingProperties.Detector.NONE;
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnClass(name = "reactor.core.publisher.Mono")
		@ConditionalOnWebApplication(type = Type.SERVLET)
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		EventLoopEndpointServletExtension eventLoopEndpointServletExtension(EventLoopEndpoint endpoint,
				EventLoopMonitor monitor, ObjectProvider<StallDetector> stalls, ObjectProvider<Drill> drill,
				ObjectProvider<CaptureFiles> captures, ObjectProvider<EndpointJsonMapper> json) {
			return new EventLoopEndpointServletExtension(
					eventLoopEndpointWebExtension(endpoint, monitor, stalls, drill, captures, json));
		}

		@Bean
		@ConditionalOnMissingBean({ EventLoopEndpointWebExtension.class, EventLoopEndpointServletExtension.class })
		@ConditionalOnClass(name = "reactor.core.publisher.Mono")
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		EventLoopEndpointWebExtension eventLoopEndpointWebExtension(EventLoopEndpoint endpoint,
				EventLoopMonitor monitor, ObjectProvider<StallDetector> stalls, ObjectProvider<Drill> drill,
				ObjectProvider<CaptureFiles> captures, ObjectProvider<EndpointJsonMapper> json) {
			return new EventLoopEndpointWebExtension(endpoint, monitor, stallsOf(monitor, stalls),
					drill.getIfAvailable(), captures.getIfAvailable(), EndpointFacts.encoder(json.getIfAvailable()));
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.JMX)
		EventLoopEndpointJmxExtension eventLoopEndpointJmxExtension(EventLoopEndpoint endpoint) {
			return new EventLoopEndpointJmxExtension(endpoint);
		}

		@Bean
		@ConditionalOnEventLoopEnabled("eventloop.drill.enabled")
		Drill eventLoopDrill() {
			return new Drill();
		}

		/**
		 * If stalls are not detected, use a detector that is not started and therefore
		 * reports no stalls.
		 */
		private static StallDetector stallsOf(EventLoopMonitor monitor, ObjectProvider<StallDetector> stalls) {
			StallDetector available = stalls.getIfAvailable();
			return (available != null) ? available
					: new StallDetector(monitor, new StackReader(List.of()), StallSettings.DEFAULT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebFilter.class, HandlerResultHandler.class, HttpServer.class })
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnBean({ PathMappedEndpoints.class, WebEndpointsSupplier.class })
	@ConditionalOnAvailableEndpoint(endpoint = EventLoopEndpoint.class, exposure = EndpointExposure.WEB)
	static class WebFluxConfiguration {

		@Bean
		EndpointRequests eventLoopEndpointRequests(PathMappedEndpoints paths, WebEndpointsSupplier endpoints,
				ObjectProvider<Drill> drill, Environment environment) {
			return new EndpointRequests(String.valueOf(paths.getPath(EndpointFacts.ID)),
					EndpointFacts.methods(endpoints), drill.getIfAvailable() != null, local(environment));
		}

		@Bean
		PollHandler eventLoopPollHandler(PathMappedEndpoints paths, EventLoopEndpointWebExtension endpoint) {
			return new PollHandler(String.valueOf(paths.getPath(EndpointFacts.ID)), endpoint);
		}

		private static Predicate<ServerWebExchange> local(Environment environment) {
			boolean ownMachine = EndpointFacts.isOwnMachine(environment);
			return (exchange) -> ownMachine && isLocal(exchange.getRequest());
		}

		private static boolean isLocal(ServerHttpRequest request) {
			try {
				return DirectRequest.isLocal(ServerHttpRequestDecorator.getNativeRequest(request));
			}
			catch (IllegalArgumentException | IllegalStateException ex) {
				// A mock request of a test without a server.
				return false;
			}
		}

		@Bean
		EventLoopEndpointLinks eventLoopEndpointLinks(ObjectProvider<Drill> drill,
				ObjectProvider<CaptureFiles> captures) {
			return new EventLoopEndpointLinks(drill.getIfAvailable() != null, captures.getIfAvailable() != null);
		}

	}

}
