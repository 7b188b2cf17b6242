package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.shedding.LagSheddingPolicy;

/**
 * Which requests are refused while their loop lags.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.shedding")
public class SheddingProperties {

	/**
	 * Whether to refuse requests, with 503 and Retry-After, while their loop lags.
	 */
	private boolean enabled;

	/**
	 * Lag of a loop from which requests are refused, a few at first.
	 */
	private Duration startLag = Duration.ofMillis(50);

	/**
	 * Lag of a loop from which all requests are refused that can be.
	 */
	private Duration fullLag = Duration.ofMillis(200);

	/**
	 * When callers are asked to come back. Rounded up to seconds.
	 */
	private Duration retryAfter = Duration.ofSeconds(2);

	/**
	 * Patterns of paths that are never refused, in addition to those of health and of
	 * Actuator.
	 */
	private List<String> exclude = new ArrayList<>();

	/**
	 * Name of a request header that says "low", "normal" or "high" and is believed. Only
	 * for applications behind a gateway that sets it or takes it away.
	 */
	private @Nullable String priorityHeader;

	/**
	 * Patterns of paths that are refused first.
	 */
	private List<String> lowPriority = new ArrayList<>();

	/**
	 * Patterns of paths that are refused last.
	 */
	private List<String> highPriority = new ArrayList<>();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Duration getStartLag() {
		return this.startLag;
	}

	public void setStartLag(Duration startLag) {
		this.startLag = startLag;
	}

	public Duration getFullLag() {
		return this.fullLag;
	}

	public void setFullLag(Duration fullLag) {
		this.fullLag = fullLag;
	}

	public Duration getRetryAfter() {
		return this.retryAfter;
	}

	public void setRetryAfter(Duration retryAfter) {
		this.retryAfter = retryAfter;
	}

	public List<String> getExclude() {
		return this.exclude;
	}

	public void setExclude(List<String> exclude) {
		this.exclude = exclude;
	}

	public @Nullable String getPriorityHeader() {
		return this.priorityHeader;
	}

	public void setPriorityHeader(@Nullable String priorityHeader) {
		this.priorityHeader = priorityHeader;
	}

	public List<String> getLowPriority() {
		return this.lowPriority;
	}

	public void setLowPriority(List<String> lowPriority) {
		this.lowPriority = lowPriority;
	}

	public List<String> getHighPriority() {
		return this.highPriority;
	}

	public void setHighPriority(List<String> highPriority) {
		this.highPriority = highPriority;
	}

	/**
	 * Convert these properties to a policy.
	 * <p>
	 * A default gives way to the other lag where the user has set that one alone.
	 * @return the policy
	 */
	LagSheddingPolicy toPolicy() {
		Duration start = this.startLag;
		Duration full = this.fullLag;
		if (start.compareTo(full) >= 0) {
			if (full.equals(LagSheddingPolicy.DEFAULT.fullLag())) {
				Duration longest = LagSheddingPolicy.LONGEST_LAG;
				full = (start.compareTo(longest.dividedBy(4)) < 0) ? start.multipliedBy(4) : longest;
			}
			else if (start.equals(LagSheddingPolicy.DEFAULT.startLag())) {
				start = full.dividedBy(4);
			}
		}
		try {
			return new LagSheddingPolicy(start, full);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.shedding", ex);
		}
	}

}
