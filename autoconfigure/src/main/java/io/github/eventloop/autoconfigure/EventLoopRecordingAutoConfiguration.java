package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.eventloop.jfr.internal.FlightRecording;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StallDetector;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for events of JDK Flight Recorder.
 * Backs off if the runtime image lacks the module {@code jdk.jfr}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopStallAutoConfiguration.class)
@ConditionalOnClass(name = "jdk.jfr.Event")
@ConditionalOnBean({ EventLoopMonitor.class, StallDetector.class })
public final class EventLoopRecordingAutoConfiguration {

	@Bean(initMethod = "start")
	@Lazy(false) // A recording may start at any time.
	FlightRecording eventLoopFlightRecording(EventLoopMonitor monitor, StallDetector stalls) {
		return new FlightRecording(monitor, stalls);
	}

}
