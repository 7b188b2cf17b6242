package io.github.eventloop.actuate.internal;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * Which application this is. Immutable.
 *
 * @param name the name of the application; left out where it has none
 * @param startedAt when its JVM was started
 * @param host a detail: the name of its host or pod; left out where it is not known
 * @param version a detail: its version; left out where it is not known
 */
@JsonPropertyOrder({ "name", "startedAt", "host", "version" })
public record ApplicationDescriptor(@Nullable String name, Instant startedAt, @Nullable String host,
		@Nullable String version) {

	/**
	 * Return what a reader is shown.
	 * @param hint how to see details, or {@code null} if the reader is shown them
	 */
	ApplicationDescriptor visibleWith(@Nullable String hint) {
		return (hint != null) ? new ApplicationDescriptor(this.name, this.startedAt, null, null) : this;
	}

}
