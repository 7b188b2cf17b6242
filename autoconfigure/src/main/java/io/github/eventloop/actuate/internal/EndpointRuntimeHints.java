package io.github.eventloop.actuate.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * Runtime hints for the page and the responses of the endpoint. Registered in
 * {@code aot.factories}: annotations of the endpoint would load these classes whenever an
 * application starts.
 */
class EndpointRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		// Actuator is optional.
		if (ClassUtils.isPresent("org.springframework.boot.actuate.endpoint.OperationResponseBody", classLoader)) {
			hints.resources().registerPattern("io/github/eventloop/actuate/internal/page/**");
			new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), HistoryDescriptor.class,
					LoopDescriptor.class, StallsDescriptor.class, HotspotsDescriptor.class, BlockingDescriptor.class,
					LiveDescriptor.class, FindingsDescriptor.class, DrillDescriptor.class, CapturesDescriptor.class,
					Problem.class);
		}
	}

}
