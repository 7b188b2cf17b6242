package io.github.eventloop.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.recording.FlightRecording;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the events of JDK Flight
 * Recorder. A runtime image may be without its module.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopStallAutoConfiguration.class)
@ConditionalOnClass(name = "jdk.jfr.Event")
@ConditionalOnBean({ EventLoopMonitor.class, StallWatch.class })
public final class EventLoopRecordingAutoConfiguration {

	@Bean(initMethod = "start")
	@Lazy(false) // A recording may start at any time.
	FlightRecording eventLoopFlightRecording(EventLoopMonitor monitor, StallWatch watch) {
		return new FlightRecording(monitor, watch);
	}

}
