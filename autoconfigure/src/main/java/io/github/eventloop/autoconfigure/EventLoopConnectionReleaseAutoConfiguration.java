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
import io.github.eventloop.netty.ConnectionRelease;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for letting go of the connections of
 * the server while the application is out of service. Where the event loops have no part
 * in readiness, clients would only come back to the same instance.
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
public final class EventLoopConnectionReleaseAutoConfiguration {

	@Bean
	NettyServerCustomizer eventLoopConnectionRelease(ObjectProvider<EventLoopHealth> health) {
		// Not before a request: what has a say in the status may need the server.
		SingletonSupplier<EventLoopHealth> judge = SingletonSupplier.of(health::getObject);
		ConnectionRelease release = new ConnectionRelease(() -> !judge.obtain().status().isInService());
		return (server) -> server.childObserve(release);
	}

}
