package io.github.eventloop.benchmarks.jmh;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.netty.Placement;
import io.github.eventloop.stall.StackReader;

/**
 * Reflective access to internal parts of the library.
 */
final class Internals {

	private static final String NETTY = "io.github.eventloop.netty.";

	private static final String SAMPLER = "io.github.eventloop.stall.internal.sample.ThreadSampler";

	private Internals() {
	}

	/**
	 * Return a group of one monitored loop with a given transport.
	 */
	static EventLoopGroup monitoredGroup(IoHandlerFactory transport) {
		Object threads = create(NETTY + "LoopThread$Factory", "monitored", true, new AtomicLong());
		Object purpose = create(NETTY + "LoopPurpose", "monitored", "monitored", Set.of());
		return (EventLoopGroup) create(NETTY + "MonitoredEventLoopGroup", 1, threads, transport, Placement.ROUND_ROBIN,
				purpose);
	}

	private static Object create(String name, Object... arguments) {
		try {
			Constructor<?> constructor = Arrays.stream(Class.forName(name).getDeclaredConstructors())
				.filter((each) -> each.getParameterCount() == arguments.length)
				.findFirst()
				.orElseThrow(NoSuchMethodException::new);
			constructor.setAccessible(true);
			return constructor.newInstance(arguments);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(name + " has changed: update Internals", ex);
		}
	}

	/**
	 * A sampler of thread stacks that the library uses while a loop is stalled.
	 */
	static final class Sampler {

		private final MethodHandle sample;

		Sampler() {
			Object sampler = create(SAMPLER, new StackReader(List.of("io.github.eventloop.benchmarks")));
			try {
				Method method = sampler.getClass().getDeclaredMethod("sample", List.class);
				method.setAccessible(true);
				this.sample = MethodHandles.lookup()
					.unreflect(method)
					.bindTo(sampler)
					.asType(MethodType.methodType(Object.class, List.class));
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(SAMPLER + " has changed: update Internals", ex);
			}
		}

		/** Return the argument for {@link #sample}. */
		static List<Object> targets(Thread thread, long osThreadId) {
			return List.of(create(SAMPLER + "$Target", thread, osThreadId));
		}

		@Nullable Object sample(List<Object> targets) {
			try {
				return this.sample.invokeExact(targets);
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
