package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.util.function.SingletonSupplier;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.netty.internal.ConnectionDrain;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for draining the server's
 * connections while the application is out of service. Backs off if the event loops are
 * not part of readiness: clients would only reconnect to the same instance.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "io.github.eventloop.autoconfigure.EventLoopHealthContributorAutoConfiguration")
@ConditionalOnClass({ HttpServer.class, NettyServerCustomizer.class })
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBean(value = EventLoopHealth.class, name = "eventLoopHealthIndicator")
@ConditionalOnBoundBoolean(value = { "eventloop.readiness.enabled", "eventloop.readiness.close-connections" },
		matchIfMissing = true)
@EnableConfigurationProperties(ReadinessProperties.class)
public final class EventLoopConnectionDrainAutoConfiguration {

	@Bean
	NettyServerCustomizer eventLoopConnectionDrain(ObjectProvider<EventLoopHealth> health) {
		// Resolved on the first request: a bean that the status depends on may need the
		// server.
		SingletonSupplier<EventLoopHealth> healthSupplier = SingletonSupplier.of(health::getObject);
		ConnectionDrain drain = new ConnectionDrain(() -> !healthSupplier.obtain().status().isInService());
		return (server) -> server.childObserve(drain);
	}

}
