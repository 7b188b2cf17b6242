package io.github.eventloop.autoconfigure;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a stall is recorded in the trace of its request, and that tracing is
 * optional.
 */
class TracingIntegrationTests {

	@Test
	void whenTracedShouldRecordStallInTheTrace() {
		try (ConfigurableApplicationContext context = StuckApplication.run(TracingConfiguration.class)) {
			String seen = Visitor.of(context).get("/orders/4711").body();
			List<SpanData> spans = context.getBean(FinishedSpans.class).spans;
			Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(spans).hasSize(1));
			SpanData span = spans.get(0);
			assertThat(span.getTraceId()).matches("[0-9a-f]{32}");
			assertThat(seen).isEqualTo("route /orders/{id} trace " + span.getTraceId());
			assertThat(span.getName()).isEqualTo("http get /orders/{id}");
			assertThat(span.getEvents()).extracting(EventData::getName)
				// The first request of an application may stall the loop as well.
				.contains("eventloop.stall: " + StuckApplication.DESCRIPTION);
			assertThat(context.getBean(MeterRegistry.class).getMeters())
				.noneMatch((meter) -> meter.getId().getName().startsWith("http.server.requests.eventloop"));
		}
	}

	@Test
	void whenTracingIsMissingShouldStillServe() throws Exception {
		List<URL> classPath = new ArrayList<>();
		for (String entry : StringUtils.delimitedListToStringArray(System.getProperty("java.class.path"),
				File.pathSeparator)) {
			if (!entry.contains("micrometer-tracing") && !entry.contains("opentelemetry")) {
				classPath.add(Path.of(entry).toUri().toURL());
			}
		}
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new),
				ClassLoader.getPlatformClassLoader())) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("io.micrometer.tracing.Span"));
			thread.setContextClassLoader(loader);
			Method visit = loader.loadClass(StuckApplication.class.getName()).getDeclaredMethod("visit", String.class);
			visit.setAccessible(true);
			assertThat(visit.invoke(null, "/orders/4711")).isEqualTo("route /orders/{id} trace null");
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class TracingConfiguration {

		@Bean
		FinishedSpans finishedSpans() {
			return new FinishedSpans();
		}

		@Bean
		SdkTracerProvider tracerProvider(FinishedSpans exporter) {
			return SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
		}

		@Bean
		DefaultTracingObservationHandler tracingObservationHandler(SdkTracerProvider provider) {
			return new DefaultTracingObservationHandler(
					new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), (event) -> {
					}));
		}

	}

	static final class FinishedSpans implements SpanExporter {

		private final List<SpanData> spans = new CopyOnWriteArrayList<>();

		@Override
		public CompletableResultCode export(Collection<SpanData> spans) {
			this.spans.addAll(spans);
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode flush() {
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode shutdown() {
			return CompletableResultCode.ofSuccess();
		}

	}

}
