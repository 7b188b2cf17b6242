package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * What the event loops have to do with the liveness of the application.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.liveness")
public class LivenessProperties {

	/**
	 * Whether a loop that is stuck for long breaks the liveness of the application.
	 */
	private boolean enabled;

	/**
	 * Time in one iteration after which a loop needs a restart of the application.
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
