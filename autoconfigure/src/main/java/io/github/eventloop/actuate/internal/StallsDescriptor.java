package io.github.eventloop.actuate.internal;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.stall.Stall;

/**
 * The retained stalls, and those in progress.
 *
 * @param stalls the stalls, newest first
 * @param hint how to see details; left out where they are shown
 */
@JsonPropertyOrder({ "stalls", "hint" })
public record StallsDescriptor(List<StallDescriptor> stalls, @Nullable String hint) implements OperationResponseBody {

	static StallsDescriptor of(List<Stall> stalls, @Nullable String hint) {
		return new StallsDescriptor(Extent.of(hint)
			.first(stalls, Stall::inProgress)
			.map((stall) -> StallDescriptor.listed(stall, hint == null))
			.toList(), hint);
	}

}
