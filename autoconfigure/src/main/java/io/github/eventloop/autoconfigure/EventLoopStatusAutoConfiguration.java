package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.HealthSignal;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.internal.log.StallNotifier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the status of the event loops.
 * Needs no optional dependency: the application may use the status directly.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class)
@ConditionalOnBean(EventLoopMonitor.class)
@EnableConfigurationProperties(HealthProperties.class)
public final class EventLoopStatusAutoConfiguration {

	@Bean
	@Lazy(false) // Determines the status even if no other bean depends on it.
	EventLoopHealth eventLoopHealth(EventLoopMonitor monitor, HealthProperties properties,
			ConfigurableApplicationContext context, ObjectProvider<HealthSignal> signals,
			ObjectProvider<StallDetector> stalls, ObjectProvider<StallNotifier> notifiers,
			ObjectProvider<StackReader> readers) {
		ApplicationStartupState startup = new ApplicationStartupState(context, stalls.getIfAvailable());
		context.addApplicationListener(startup);
		EventLoopHealth health = new EventLoopHealth(monitor, properties.toSettings(monitor.settings().window()),
				context, signals.orderedStream().toList(), startup);
		StackReader reader = readers.getIfAvailable();
		notifiers.ifAvailable((notifier) -> notifier.expect(
				(stall) -> health.status() == EventLoopStatus.STARTING && ExpectedStalls.isExpected(stall, reader)));
		return health;
	}

}
