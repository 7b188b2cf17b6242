package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import org.springframework.beans.PropertyAccessor;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.core.Ordered;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.LettuceLoops;

/**
 * Makes Lettuce use monitored loops, unless the application has its own provider of
 * loops.
 * <p>
 * Runs after the customizers of the application. Lettuce ignores the number of threads of
 * a builder that has a provider, so it is passed to the provider. A builder has no
 * methods to read either of the two, which leaves its fields.
 */
class LettuceLoopsCustomizer implements ClientResourcesBuilderCustomizer, Ordered, DisposableBean {

	private final DriverLoops loops;

	/** Copied on write, because beans may be created by any thread. */
	private final List<LettuceLoops> providers = new CopyOnWriteArrayList<>();

	LettuceLoopsCustomizer(DriverLoops loops) {
		this.loops = loops;
	}

	@Override
	public void customize(ClientResources.Builder builder) {
		DriverGuard.run("Lettuce", "eventloop.drivers.lettuce.enabled", () -> {
			PropertyAccessor fields = PropertyAccessorFactory.forDirectFieldAccess(builder);
			if (fields.getPropertyValue("eventLoopGroupProvider") == null
					&& fields.getPropertyValue("ioThreadPoolSize") instanceof Integer threads) {
				LettuceLoops provider = new LettuceLoops(this.loops,
						Math.max(DefaultClientResources.MIN_IO_THREADS, threads));
				this.providers.add(provider);
				builder.eventLoopGroupProvider(provider);
			}
		});
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * Called after the clients are shut down: their resources depend on this bean.
	 */
	@Override
	public void destroy() {
		this.providers.forEach(LettuceLoops::close);
	}

}
