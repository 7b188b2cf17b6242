package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * Configuration properties for the contribution of the event loops to liveness.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.liveness")
public class LivenessProperties {

	/**
	 * Whether an event loop that is stuck for 'stuck-after' breaks the liveness of the
	 * application.
	 */
	private boolean enabled;

	/**
	 * Duration of a single iteration after which an event loop breaks the liveness of the
	 * application.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration stuckAfter = Duration.ofSeconds(60);

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Duration getStuckAfter() {
		return this.stuckAfter;
	}

	public void setStuckAfter(Duration stuckAfter) {
		this.stuckAfter = stuckAfter;
	}

}
