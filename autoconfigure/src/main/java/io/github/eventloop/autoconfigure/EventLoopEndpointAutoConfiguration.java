package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
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
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

import io.github.eventloop.actuate.internal.BlockingDescriptor;
import io.github.eventloop.actuate.internal.DrillDescriptor;
import io.github.eventloop.actuate.internal.EndpointRequests;
import io.github.eventloop.actuate.internal.EventLoopEndpoint;
import io.github.eventloop.actuate.internal.EventLoopEndpointJmxExtension;
import io.github.eventloop.actuate.internal.EventLoopEndpointLinks;
import io.github.eventloop.actuate.internal.EventLoopEndpointWebExtension;
import io.github.eventloop.actuate.internal.FindingsDescriptor;
import io.github.eventloop.actuate.internal.HistoryDescriptor;
import io.github.eventloop.actuate.internal.HotspotsDescriptor;
import io.github.eventloop.actuate.internal.LiveDescriptor;
import io.github.eventloop.actuate.internal.LoopDescriptor;
import io.github.eventloop.actuate.internal.Problem;
import io.github.eventloop.actuate.internal.StallsDescriptor;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.finding.FindingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.HealthSettings;
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
		@RegisterReflectionForBinding({ HistoryDescriptor.class, LoopDescriptor.class, StallsDescriptor.class,
				HotspotsDescriptor.class, BlockingDescriptor.class, FindingsDescriptor.class, LiveDescriptor.class,
				DrillDescriptor.class, Problem.class })
		EventLoopEndpoint eventLoopEndpoint(EventLoopMonitor monitor, ObjectProvider<EventLoopHealth> health,
				ObjectProvider<StallDetector> stalls, ObjectProvider<BlockingCalls> blocking,
				ObjectProvider<BlockingProperties> blockingProperties, FindingDetector findings,
				EndpointProperties properties) {
			BlockingProperties.Detector detector = blockingProperties.getIfAvailable(BlockingProperties::new)
				.getDetector();
			return new EventLoopEndpoint(monitor, health.getIfAvailable(), stallsOf(monitor, stalls),
					blocking.getIfAvailable(() -> new BlockingCalls(new StackReader(List.of()))),
					detector.name().toLowerCase(Locale.ROOT), findings, properties.toDetails());
		}

		@Bean
		FindingDetector eventLoopFindingDetector(EventLoopMonitor monitor, ObjectProvider<EventLoopHealth> health,
				ObjectProvider<HealthSettings> settings, ObjectProvider<StallDetector> stalls,
				ObjectProvider<BlockingCalls> blocking, ObjectProvider<BlockingProperties> blockingProperties,
				ObjectProvider<ExhaustedPools> pools, ObjectProvider<WorkerWaits> workers, Environment environment) {
			boolean detected = blockingProperties.getIfAvailable(BlockingProperties::new)
				.getDetector() != BlockingProperties.Detector.NONE;
			BlockingCalls calls = detected ? blocking.getIfAvailable() : null;
			return new FindingDetector(monitor, stallsOf(monitor, stalls), health.getIfAvailable(),
					settings.getIfAvailable(() -> HealthSettings.DEFAULT), () -> (calls != null) ? calls.list() : null,
					new ProcessFactsReader(monitor, pools, workers, environment));
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
		EventLoopEndpointWebExtension eventLoopEndpointWebExtension(EventLoopEndpoint endpoint,
				EventLoopMonitor monitor, ObjectProvider<StallDetector> stalls, ObjectProvider<Drill> drill,
				ObjectProvider<EndpointJsonMapper> json) {
			return new EventLoopEndpointWebExtension(endpoint, monitor, stallsOf(monitor, stalls),
					drill.getIfAvailable(), encoder(json.getIfAvailable()));
		}

		/**
		 * Without an {@link EndpointJsonMapper}, which is Actuator's own, the
		 * application's codecs write the response.
		 */
		private static Function<OperationResponseBody, Object> encoder(@Nullable EndpointJsonMapper json) {
			return (json != null) ? (body) -> json.get().writeValueAsBytes(body) : (body) -> body;
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
			return stalls
				.getIfAvailable(() -> new StallDetector(monitor, new StackReader(List.of()), StallSettings.DEFAULT));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebFilter.class, HandlerResultHandler.class })
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnBean({ PathMappedEndpoints.class, WebEndpointsSupplier.class })
	@ConditionalOnAvailableEndpoint(endpoint = EventLoopEndpoint.class, exposure = EndpointExposure.WEB)
	static class WebFluxConfiguration {

		private static final EndpointId ID = EndpointId.of("eventloop");

		@Bean
		EndpointRequests eventLoopEndpointRequests(PathMappedEndpoints paths, WebEndpointsSupplier endpoints,
				ObjectProvider<Drill> drill, Environment environment) {
			return new EndpointRequests(String.valueOf(paths.getPath(ID)), methods(endpoints),
					drill.getIfAvailable() != null, local(environment));
		}

		private static Set<HttpMethod> methods(WebEndpointsSupplier endpoints) {
			return endpoints.getEndpoints()
				.stream()
				.filter((endpoint) -> endpoint.getEndpointId().equals(ID))
				.flatMap((endpoint) -> endpoint.getOperations().stream())
				.map((operation) -> HttpMethod.valueOf(operation.getRequestPredicate().getHttpMethod().name()))
				.collect(Collectors.toSet());
		}

		private static Predicate<ServerWebExchange> local(Environment environment) {
			boolean ownMachine = CloudPlatform.getActive(environment) == null
					&& !ClassUtils.isPresent("org.springframework.security.core.Authentication",
							WebFluxConfiguration.class.getClassLoader());
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
		EventLoopEndpointLinks eventLoopEndpointLinks(ObjectProvider<Drill> drill) {
			return new EventLoopEndpointLinks(drill.getIfAvailable() != null);
		}

	}

}
