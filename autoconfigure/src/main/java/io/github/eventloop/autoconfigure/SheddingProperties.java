package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

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
	@DurationUnit(ChronoUnit.MILLIS)
	private @Nullable Duration startLag;

	/**
	 * Lag of a loop from which all requests are refused that can be.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private @Nullable Duration fullLag;

	/**
	 * When callers are asked to come back. Rounded up to seconds.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
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

	public @Nullable Duration getStartLag() {
		return this.startLag;
	}

	public void setStartLag(@Nullable Duration startLag) {
		this.startLag = startLag;
	}

	public @Nullable Duration getFullLag() {
		return this.fullLag;
	}

	public void setFullLag(@Nullable Duration fullLag) {
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
	 * A default gives way to the other lag where the user has set that one alone. A value
	 * that the user has set never gives way, not even if it is the same as the default.
	 * @return the policy
	 */
	LagSheddingPolicy toPolicy() {
		Duration full = (this.fullLag != null) ? this.fullLag : defaultFullLag();
		Duration start = (this.startLag != null) ? this.startLag : defaultStartLag(full);
		try {
			return new LagSheddingPolicy(start, full);
		}
		catch (InvalidSettingException ex) {
			throw InvalidProperty.of("eventloop.shedding", ex);
		}
	}

	private Duration defaultFullLag() {
		Duration fullLag = LagSheddingPolicy.DEFAULT.fullLag();
		if (this.startLag == null || this.startLag.compareTo(fullLag) < 0) {
			return fullLag;
		}
		Duration longest = LagSheddingPolicy.LONGEST_LAG;
		return (this.startLag.compareTo(longest.dividedBy(4)) < 0) ? this.startLag.multipliedBy(4) : longest;
	}

	private static Duration defaultStartLag(Duration fullLag) {
		Duration startLag = LagSheddingPolicy.DEFAULT.startLag();
		return (startLag.compareTo(fullLag) < 0) ? startLag : fullLag.dividedBy(4);
	}

}
