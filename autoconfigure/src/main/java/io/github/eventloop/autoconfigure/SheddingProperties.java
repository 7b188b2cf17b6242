package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.shedding.AdaptiveSheddingPolicy;
import io.github.eventloop.shedding.LagSheddingPolicy;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * Configuration properties for load shedding.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("eventloop.shedding")
public class SheddingProperties {

	/**
	 * Whether to shed requests, with status 503 and a 'Retry-After' header, while their
	 * event loop lags.
	 */
	private boolean enabled;

	/**
	 * How to determine which requests are shed.
	 */
	private Policy policy = Policy.ADAPTIVE;

	/**
	 * Lag of an event loop above which some of its requests are shed. The share grows
	 * with the lag. The adaptive policy scales it.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private @Nullable Duration startLag;

	/**
	 * Lag of an event loop at or above which all requests that can be shed are shed. The
	 * adaptive policy scales it.
	 */
	@DurationUnit(ChronoUnit.MILLIS)
	private @Nullable Duration fullLag;

	/**
	 * Path patterns of requests that are shed first.
	 */
	private List<String> lowPriority = new ArrayList<>();

	/**
	 * Path patterns of requests that are shed last.
	 */
	private List<String> highPriority = new ArrayList<>();

	/**
	 * Path patterns of requests that are never shed, in addition to those of health and
	 * Actuator.
	 */
	private List<String> exclude = new ArrayList<>();

	/**
	 * Name of a request header that contains the priority of the request: 'low', 'normal'
	 * or 'high'. The header is trusted, so only set this property behind a gateway that
	 * sets or removes it.
	 */
	private @Nullable String priorityHeader;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Policy getPolicy() {
		return this.policy;
	}

	public void setPolicy(Policy policy) {
		this.policy = policy;
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

	/**
	 * Convert these properties to a policy.
	 * @param monitor provides the pauses for garbage collection
	 * @return the policy
	 */
	SheddingPolicy toPolicy(EventLoopMonitor monitor) {
		LagSheddingPolicy bounds = toLagPolicy();
		return switch (this.policy) {
			case ADAPTIVE -> new AdaptiveSheddingPolicy(bounds, monitor::collectingNanos);
			case LAG -> bounds;
		};
	}

	/**
	 * Convert the lags to a policy.
	 * <p>
	 * If the user has set only one of the two lags, the default of the other adapts to
	 * it. A value that the user has set is never adapted, even if it is equal to the
	 * default.
	 * @return the policy
	 */
	LagSheddingPolicy toLagPolicy() {
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

	/**
	 * Policies that determine which requests are shed.
	 */
	public enum Policy {

		/**
		 * Requests of an overloaded event loop, as few as necessary, depending on how
		 * long its requests take and on the effect of shedding.
		 */
		ADAPTIVE,

		/**
		 * Requests of an event loop whose lag exceeds fixed bounds.
		 */
		LAG

	}

}
