package io.github.eventloop.metrics.internal;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.eventloop.blocking.BlockingCall;
import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.blocking.BlockingListener;
import io.github.eventloop.metrics.EventLoopMeters;

/**
 * {@link MeterBinder} that publishes blocking calls as
 * {@link EventLoopMeters#BLOCKING_CALLS}. The timer of a kind is registered at the first
 * call of that kind. May be bound to several registries.
 * <p>
 * Thread-safe. Note: {@link #close()} should be called when the registries outlive the
 * calls.
 */
public final class BlockingMetrics implements MeterBinder, AutoCloseable {

	private final BlockingCalls calls;

	/** The timers in each registry. Guarded by itself. */
	private final IdentityHashMap<MeterRegistry, List<Timer>> registries = new IdentityHashMap<>();

	private final BlockingListener listener = this::record;

	/**
	 * Create metrics of blocking calls.
	 * @param calls the blocking calls to publish
	 */
	public BlockingMetrics(BlockingCalls calls) {
		this.calls = calls;
		calls.addListener(this.listener);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		synchronized (this.registries) {
			this.registries.putIfAbsent(registry, new ArrayList<>());
		}
	}

	private void record(BlockingCall call) {
		synchronized (this.registries) {
			this.registries.forEach((registry, timers) -> {
				// The registry returns the same timer for the same kind.
				Timer timer = Timer.builder(EventLoopMeters.BLOCKING_CALLS.getName())
					.description(EventLoopMeters.BLOCKING_CALLS.getDescription())
					.tag(EventLoopMeters.KeyNames.KIND.asString(), call.kind().name().toLowerCase(Locale.ROOT))
					.register(registry);
				if (!timers.contains(timer)) {
					timers.add(timer);
				}
				timer.record(call.length());
			});
		}
	}

	/**
	 * Remove the timers from their registries.
	 */
	@Override
	public void close() {
		this.calls.removeListener(this.listener);
		synchronized (this.registries) {
			this.registries.forEach((registry, timers) -> timers.forEach(registry::remove));
			this.registries.clear();
		}
	}

}
