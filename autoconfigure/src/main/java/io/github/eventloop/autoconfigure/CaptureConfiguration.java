package io.github.eventloop.autoconfigure;

import java.nio.file.Path;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import io.github.eventloop.health.EventLoopStatusChangedEvent;
import io.github.eventloop.jfr.internal.CaptureFiles;
import io.github.eventloop.jfr.internal.CaptureTrigger;
import io.github.eventloop.jfr.internal.Captures;
import io.github.eventloop.stall.StallDetector;

/**
 * Configuration of captures. Disabled by default, because a flight recording has a cost
 * and contains details of the application. Backs off if the runtime image lacks the
 * module {@code jdk.jfr}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnEventLoopEnabled("eventloop.capture.enabled")
@ConditionalOnClass(name = "jdk.jfr.Event")
@EnableConfigurationProperties(CaptureProperties.class)
class CaptureConfiguration {

	@Bean
	CaptureFiles eventLoopCaptureFiles(CaptureProperties properties) {
		return new CaptureFiles(Path.of(properties.getDirectory()));
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	@Lazy(false) // Records even if no other bean depends on it.
	Captures eventLoopCaptures(StallDetector stalls, CaptureProperties properties, CaptureFiles files) {
		return new Captures(stalls, properties.toStallThreshold(), files);
	}

	@Bean
	StatusCapture eventLoopStatusCapture(Captures captures) {
		return new StatusCapture(captures);
	}

	/**
	 * Listener that triggers a capture when the status becomes bad.
	 */
	static class StatusCapture implements ApplicationListener<PayloadApplicationEvent<EventLoopStatusChangedEvent>> {

		private final Captures captures;

		StatusCapture(Captures captures) {
			this.captures = captures;
		}

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<EventLoopStatusChangedEvent> event) {
			switch (event.getPayload().to()) {
				case OVERLOADED -> this.captures.trigger(CaptureTrigger.OVERLOADED);
				case STUCK -> this.captures.trigger(CaptureTrigger.STUCK);
				default -> {
					// No reason to write anything.
				}
			}
		}

	}

}
