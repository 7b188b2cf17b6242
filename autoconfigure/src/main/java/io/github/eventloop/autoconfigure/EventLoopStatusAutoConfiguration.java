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
import io.github.eventloop.stall.StallAnnouncer;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the status of the event loops.
 * Needs no neighbour: the status is there for the application's own use too.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class)
@ConditionalOnBean(EventLoopMonitor.class)
@EnableConfigurationProperties(HealthProperties.class)
public final class EventLoopStatusAutoConfiguration {

	@Bean
	@Lazy(false) // Nobody has to ask for the status for the loops to be judged.
	EventLoopHealth eventLoopHealth(EventLoopMonitor monitor, HealthProperties properties,
			ConfigurableApplicationContext context, ObjectProvider<HealthSignal> signals,
			ObjectProvider<StallWatch> stalls, ObjectProvider<StallAnnouncer> announcers,
			ObjectProvider<StackReader> readers) {
		ApplicationStartupState startup = new ApplicationStartupState(context, stalls.getIfAvailable());
		context.addApplicationListener(startup);
		EventLoopHealth health = new EventLoopHealth(monitor, properties.toSettings(monitor.settings().window()),
				context, signals.orderedStream().toList(), startup);
		StackReader reader = readers.getIfAvailable();
		announcers.ifAvailable((announcer) -> announcer.expect(
				(stall) -> health.status() == EventLoopStatus.STARTING && ExpectedStalls.isExpected(stall, reader)));
		return health;
	}

}
