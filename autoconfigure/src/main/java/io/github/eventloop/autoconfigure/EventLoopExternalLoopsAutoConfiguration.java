package io.github.eventloop.autoconfigure;

import io.netty.channel.EventLoopGroup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.netty.ExternalLoops;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring external event loops,
 * which the application creates itself: those of {@link EventLoopGroup} and
 * {@link LoopResources} beans, and those of a {@link ReactorResourceFactory} that does
 * not use the global resources.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopAutoConfiguration.class)
@ConditionalOnClass({ EventLoopGroup.class, LoopResources.class, ReactorResourceFactory.class })
@ConditionalOnBean(EventLoopMonitor.class)
@ConditionalOnBoundBoolean(value = "eventloop.foreign.enabled", matchIfMissing = true)
public final class EventLoopExternalLoopsAutoConfiguration {

	@Bean
	@Lazy
	ExternalLoops eventLoopExternalLoops(EventLoopMonitor monitor) {
		return new ExternalLoops(monitor);
	}

	@Bean
	static ExternalLoopsRegistrar eventLoopExternalLoopsRegistrar(ObjectProvider<ExternalLoops> loops) {
		return new ExternalLoopsRegistrar(loops);
	}

}
