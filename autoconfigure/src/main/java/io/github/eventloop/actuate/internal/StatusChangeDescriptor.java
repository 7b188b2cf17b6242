package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.util.List;

import io.github.eventloop.health.EventLoopStatus;
import io.github.eventloop.health.EventLoopStatusChangedEvent;

/**
 * Change of the status.
 *
 * @param at when it changed
 * @param from the previous status
 * @param to the new status
 */
public record StatusChangeDescriptor(String at, EventLoopStatus from, EventLoopStatus to) {

	static List<StatusChangeDescriptor> listOf(List<EventLoopStatusChangedEvent> changes, Instant since) {
		return changes.stream()
			.filter((change) -> !change.at().isBefore(since))
			.map((change) -> new StatusChangeDescriptor(change.at().toString(), change.from(), change.to()))
			.toList();
	}

}
