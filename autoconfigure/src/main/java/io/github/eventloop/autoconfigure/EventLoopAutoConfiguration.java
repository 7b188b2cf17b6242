package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingDetector;
import io.github.eventloop.blocking.BlockingSettings;
import io.github.eventloop.blocking.internal.BlockHoundBlockingDetector;
import io.github.eventloop.blocking.internal.JfrBlockingDetector;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.health.ReadinessGate;
import io.github.eventloop.health.internal.OneConnectionSignal;
import io.github.eventloop.jfr.internal.FlightRecording;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSource;
import io.github.eventloop.netty.ExternalLoops;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.netty.internal.RequestPacing;
import io.github.eventloop.stall.ExhaustedPools;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;
import io.github.eventloop.stall.internal.log.StallNotifier;
import io.github.eventloop.web.internal.RequestTracking;
import io.github.eventloop.web.internal.TrackedForwarding;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring Netty's event loops:
 * measurement, the detection of stalls and blocking calls, and the status. Requires Netty
 * only, as the application may be a servlet application with a driver. What requires an
 * optional class or module is in a nested configuration with a condition.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		beforeName = { "org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration",
				"org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration" })
@ConditionalOnClass(name = "io.netty.channel.MultiThreadIoEventLoopGroup")
@ConditionalOnEventLoopEnabled
@EnableConfigurationProperties({ EventLoopProperties.class, BlockingProperties.class, HealthProperties.class,
		DriversProperties.class })
@Import(CaptureConfiguration.class)
public final class EventLoopAutoConfiguration {

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	@Lazy(false) // Monitors loops that are used before the context is started.
	EventLoopMonitor eventLoopMonitor(EventLoopProperties properties, ObjectProvider<LoopSource> sources) {
		EventLoopMonitor monitor = new EventLoopMonitor(properties.toMonitorSettings());
		LoopResourcesRegistrar.addSources(monitor, sources);
		return monitor;
	}

	@Bean
	LoopResourcesRegistrar eventLoopLoopResourcesRegistrar(EventLoopMonitor monitor, ObjectProvider<LoopSource> sources,
			BeanFactory beanFactory) {
		return new LoopResourcesRegistrar(monitor, sources, beanFactory);
	}

	@Bean
	StartupLog eventLoopStartupLog(ApplicationContext context, EventLoopMonitor monitor,
			ObjectProvider<PageLocation> page) {
		return new StartupLog(context, monitor, page);
	}

	// Stalls

	@Bean
	StackReader eventLoopStackReader(EventLoopProperties properties, BeanFactory beanFactory) {
		return new StackReader(applicationPackages(properties.getStall().getApplicationPackages(), beanFactory));
	}

	private static List<String> applicationPackages(@Nullable List<String> packages, BeanFactory beanFactory) {
		if (packages != null) {
			return packages;
		}
		return AutoConfigurationPackages.has(beanFactory) ? AutoConfigurationPackages.get(beanFactory) : List.of();
	}

	@Bean
	StallNotifier eventLoopStallNotifier(ObjectProvider<StallSettings> settings, ApplicationEventPublisher publisher) {
		return new StallNotifier(stallSettings(settings), publisher::publishEvent);
	}

	private static StallSettings stallSettings(ObjectProvider<StallSettings> settings) {
		StallSettings available = settings.getIfAvailable();
		return (available != null) ? available : StallSettings.DEFAULT;
	}

	@Bean(initMethod = "start")
	@Lazy(false) // Detects stalls even if no other bean depends on it.
	StallDetector eventLoopStallDetector(EventLoopMonitor monitor, StackReader reader,
			ObjectProvider<StallSettings> settings, StallNotifier notifier, ObjectProvider<ExhaustedPools> pools) {
		List<ExhaustedPools> all = pools.orderedStream().toList();
		StallDetector detector = new StallDetector(monitor, reader, stallSettings(settings),
				() -> all.stream().flatMap((each) -> each.describe().stream()).toList());
		detector.addListener(notifier);
		return detector;
	}

	/** Backs off if the runtime image lacks the module {@code jdk.jfr}. */
	@Bean(initMethod = "start")
	@ConditionalOnClass(name = "jdk.jfr.Event")
	@Lazy(false) // A recording may start at any time.
	FlightRecording eventLoopFlightRecording(EventLoopMonitor monitor, StallDetector stalls) {
		return new FlightRecording(monitor, stalls);
	}

	// Blocking calls

	/** Is always present, and stays empty without a detector. */
	@Bean
	BlockingCalls eventLoopBlockingCalls(StackReader reader) {
		return new BlockingCalls(reader);
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	@Lazy(false)
	BlockingDetector eventLoopBlockingDetector(BlockingProperties properties, EventLoopMonitor monitor,
			BlockingCalls calls) {
		BlockingSettings settings = properties.toSettings();
		return switch (properties.getDetector()) {
			case NONE -> BlockingDetector.none();
			case JFR -> new JfrBlockingDetector(monitor, calls, settings);
			case BLOCKHOUND -> new BlockHoundBlockingDetector(monitor, calls);
		};
	}

	// The status, which the application may also use directly

	@Bean
	@ConditionalOnMissingBean
	HealthSettings eventLoopHealthSettings(HealthProperties properties, EventLoopMonitor monitor) {
		return properties.toSettings(monitor.settings().window());
	}

	@Bean
	@Lazy(false) // Determines the status even if no other bean depends on it.
	EventLoopHealth eventLoopHealth(EventLoopMonitor monitor, HealthSettings settings,
			ConfigurableApplicationContext context, ObjectProvider<HealthSignal> signals,
			ObjectProvider<ReadinessGate> gate, StallDetector stalls, StallNotifier notifier, StackReader reader) {
		ApplicationStartupState startup = new ApplicationStartupState(context, stalls);
		context.addApplicationListener(startup);
		// One of the signals, so that the reason of the status states this cause.
		OneConnectionSignal oneConnection = new OneConnectionSignal(settings);
		stalls.addListener(oneConnection);
		EventLoopHealth health = new EventLoopHealth(monitor, settings, context,
				Stream.concat(signals.orderedStream(), Stream.of(oneConnection)).toList(), startup,
				gate.getIfAvailable(), OnServiceRole.isHeld(context.getEnvironment(), context));
		notifier
			.expect((stall) -> health.status() == EventLoopStatus.STARTING && ExpectedStalls.isExpected(stall, reader));
		return health;
	}

	// External event loops, which the application creates itself: those of EventLoopGroup
	// and LoopResources beans, those of a ReactorResourceFactory that does not use the
	// global resources, those of beans with clients and servers of Reactor Netty, and
	// those that are discovered

	@Bean
	@Lazy
	@ConditionalOnEventLoopEnabled(value = ExternalLoopsRegistrar.ENABLED_PROPERTY, matchIfMissing = true)
	ExternalLoops eventLoopExternalLoops(EventLoopMonitor monitor, DriversProperties properties) {
		return new ExternalLoops(monitor, properties.isCountInStatus());
	}

	@Bean
	@ConditionalOnEventLoopEnabled(value = ExternalLoopsRegistrar.ENABLED_PROPERTY, matchIfMissing = true)
	static ExternalLoopsRegistrar eventLoopExternalLoopsRegistrar(ObjectProvider<ExternalLoops> loops,
			Environment environment) {
		return new ExternalLoopsRegistrar(loops, OnEventLoopEnabledCondition.isTrue(environment,
				LoopDiscoveryEnvironmentPostProcessor.DISCOVERY_PROPERTY, true));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HttpServer.class)
	static class ReactorNettyConfiguration {

		@Bean
		static GlobalLoopsInstaller eventLoopGlobalLoopsInstaller(Environment environment,
				ObjectProvider<EventLoopProperties> properties) {
			return new GlobalLoopsInstaller(environment, properties);
		}

		@Bean
		static HttpClientPostProcessor eventLoopHttpClientPostProcessor() {
			return new HttpClientPostProcessor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, ReactorResourceFactory.class, ReactorNettyProperties.class })
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
			if (properties.getShutdownQuietPeriod() != null) {
				factory.setShutdownQuietPeriod(properties.getShutdownQuietPeriod());
			}
			return factory;
		}

		private static MonitoredLoopResources newLoopResources(EventLoopProperties properties) {
			MonitoredLoopResources.Builder builder = MonitoredLoopResources.builder("webflux-http")
				.placement(properties.getPlacement());
			return (properties.getAcceptor().isDedicated() ? builder.dedicatedAcceptor() : builder).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ WebFilter.class, HandlerMapping.class, HttpServer.class })
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class RequestsConfiguration {

		@Bean
		RequestTracking eventLoopRequestTracking() {
			return new RequestTracking();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebHttpHandlerBuilderCustomizer.class)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ForwardedRequestsConfiguration {

		@Bean
		WebHttpHandlerBuilderCustomizer eventLoopForwardingCustomizer(
				ObjectProvider<ForwardedHeaderTransformer> transformer) {
			return (builder) -> transformer
				.ifUnique((found) -> builder.forwardedHeaderTransformer(new TrackedForwarding(found)));
		}

	}

	/**
	 * Paces the requests of each connection, so that one client cannot make a loop lag by
	 * sending many requests at once. Disabled by default, because it adds a handler to
	 * each connection, and holds requests back.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NettyServerCustomizer.class)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnEventLoopEnabled("eventloop.pacing.enabled")
	static class RequestPacingConfiguration {

		@Bean
		NettyServerCustomizer eventLoopRequestPacing() {
			RequestPacing pacing = new RequestPacing();
			return (server) -> server.childObserve(pacing);
		}

	}

}
