package io.github.eventloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.server.WebFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

import io.github.eventloop.health.internal.SheddingSignal;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.shedding.RequestPriorityResolver;
import io.github.eventloop.shedding.SheddingPolicy;
import io.github.eventloop.shedding.internal.DeclaredPriorityResolver;
import io.github.eventloop.shedding.internal.ShedRequests;
import io.github.eventloop.shedding.internal.SheddingWebFilter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for shedding requests while their
 * event loop lags.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class,
		afterName = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration")
@ConditionalOnClass({ WebFilter.class, WebServerApplicationContext.class })
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBean(EventLoopMonitor.class)
@ConditionalOnEventLoopEnabled("eventloop.shedding.enabled")
@EnableConfigurationProperties(SheddingProperties.class)
public final class EventLoopSheddingAutoConfiguration {

	private static final String PREFIX = "eventloop.shedding";

	@Bean
	@ConditionalOnMissingBean
	RequestPriorityResolver eventLoopRequestPriorityResolver(SheddingProperties properties, Environment environment) {
		try {
			return new DeclaredPriorityResolver(properties.getPriorityHeader(),
					parse("low-priority", properties.getLowPriority(), environment),
					parse("high-priority", properties.getHighPriority(), environment));
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of(PREFIX, ex);
		}
	}

	@Bean
	SheddingWebFilter eventLoopSheddingWebFilter(EventLoopMonitor monitor, SheddingPolicy policy,
			RequestPriorityResolver priorities, SheddingProperties properties, ShedRequests shedRequests,
			ObjectProvider<ActuatorPaths> actuator, Environment environment) {
		List<PathPattern> excluded = parse("exclude", properties.getExclude(), environment);
		ActuatorPaths paths = actuator.getIfAvailable(() -> new ActuatorPaths(List.of(), List.of()));
		NeverShed neverShed = new NeverShed(with(excluded, paths.application()), with(excluded, paths.management()));
		return new SheddingWebFilter(monitor, policy, priorities, neverShed, shedRequests);
	}

	@Bean
	ShedRequests eventLoopShedRequests() {
		return new ShedRequests();
	}

	private static List<PathPattern> with(List<PathPattern> excluded, List<String> patterns) {
		return Stream.concat(excluded.stream(), patterns.stream().map(PathPatternParser.defaultInstance::parse))
			.toList();
	}

	private static List<PathPattern> parse(String property, List<String> patterns, Environment environment) {
		List<PathPattern> parsed = new ArrayList<>();
		PathPatternParser parser = PathPatternParser.defaultInstance;
		for (int i = 0; i < patterns.size(); i++) {
			String pattern = patterns.get(i);
			try {
				parsed.add(parser.parse(parser.initFullPathPattern(pattern)));
			}
			catch (PatternParseException ex) {
				String name = PREFIX + "." + property;
				// The user may have set one comma-separated value, or an indexed list.
				throw new InvalidConfigurationPropertyValueException(
						environment.containsProperty(name) ? name : name + "[" + i + "]", pattern,
						"must be a path pattern such as /orders/**: " + ex.getMessage());
			}
		}
		return parsed;
	}

	/**
	 * The signal belongs to the policy of the library: a policy of the application may
	 * shed requests for other reasons than overload.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(SheddingPolicy.class)
	static class PolicyConfiguration {

		@Bean
		SheddingPolicy eventLoopSheddingPolicy(SheddingProperties properties, EventLoopMonitor monitor) {
			return properties.toPolicy(monitor);
		}

		@Bean
		SheddingSignal eventLoopSheddingSignal(ShedRequests shedRequests) {
			return new SheddingSignal(shedRequests::total);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ PathMappedEndpoints.class, ManagementPortType.class })
	static class ActuatorConfiguration {

		@Bean
		@ConditionalOnBean(PathMappedEndpoints.class)
		ActuatorPaths eventLoopActuatorPaths(PathMappedEndpoints endpoints, Environment environment) {
			return ActuatorPaths.of(endpoints, environment);
		}

	}

}
