package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.WebFilter;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.GlobalLoopResources;
import io.github.eventloop.web.internal.RequestTrackingWebFilter;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring Reactor Netty's event
 * loops.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = NettyReactiveWebServerAutoConfiguration.class,
		beforeName = "org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration")
@ConditionalOnClass(value = { HttpServer.class, ReactorResourceFactory.class },
		name = "io.netty.channel.MultiThreadIoEventLoopGroup")
@Conditional(OnNotServletApplication.class)
@ConditionalOnBoundBoolean(value = "eventloop.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EventLoopProperties.class)
public final class EventLoopAutoConfiguration {

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	@Lazy(false)
	EventLoopMonitor eventLoopMonitor(EventLoopProperties properties, ObjectProvider<LoopSource> sources) {
		EventLoopMonitor monitor = new EventLoopMonitor(properties.toMonitorSettings());
		monitor.addSource(GlobalLoopResources::loops);
		sources.orderedStream().forEach(monitor::addSource);
		return monitor;
	}

	@Bean
	static GlobalLoopResourcesInstaller eventLoopGlobalLoopResourcesInstaller(
			ObjectProvider<EventLoopProperties> properties) {
		return new GlobalLoopResourcesInstaller(properties);
	}

	@Bean
	LoopResourcesRegistrar eventLoopLoopResourcesRegistrar(EventLoopMonitor monitor,
			ObjectProvider<ReactorResourceFactory> factories, ObjectProvider<ExternalLoopsRegistrar> external) {
		return new LoopResourcesRegistrar(monitor, factories, () -> external.getIfAvailable() != null);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ReactorNettyProperties.class)
	@EnableConfigurationProperties(ReactorNettyProperties.class)
	static class ReactorResourceFactoryConfiguration {

		/**
		 * Replaces Boot's factory, so that loops are monitored even if the factory is
		 * configured not to use the global resources, as Boot's test support does.
		 */
		@Bean
		@ConditionalOnMissingBean
		ReactorResourceFactory eventLoopReactorResourceFactory(ReactorNettyProperties properties,
				EventLoopProperties eventLoopProperties) {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setLoopResourcesSupplier(() -> newLoopResources(eventLoopProperties));
			PropertyMapper.get().from(properties::getShutdownQuietPeriod).to(factory::setShutdownQuietPeriod);
			return factory;
		}

		private static MonitoredLoopResources newLoopResources(EventLoopProperties properties) {
			MonitoredLoopResources.Builder builder = MonitoredLoopResources.builder("webflux-http")
				.placement(properties.getPlacement());
			return (properties.getAcceptor().isDedicated() ? builder.dedicatedAcceptor() : builder).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebFilter.class, HandlerMapping.class })
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class RequestsConfiguration {

		@Bean
		RequestTrackingWebFilter eventLoopRequestTrackingWebFilter() {
			return new RequestTrackingWebFilter();
		}

	}

}
