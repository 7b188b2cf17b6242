package io.github.eventloop.actuate.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Group of event loops.
 *
 * @param name the name of the group
 * @param component the driver or other component that the loops belong to; left out for
 * those of the application
 * @param loops the number of its loops
 * @param measurement how its loops are measured
 */
@JsonPropertyOrder({ "name", "component", "loops", "measurement" })
public record GroupDescriptor(String name, @Nullable String component, int loops, Measurement measurement) {

	static List<GroupDescriptor> of(List<LoopSnapshot> loops) {
		Map<GroupDescriptor, Integer> sizes = new LinkedHashMap<>();
		loops.forEach((loop) -> sizes
			.merge(new GroupDescriptor(loop.group(), loop.component(), 0, Measurement.of(loop)), 1, Integer::sum));
		List<GroupDescriptor> groups = new ArrayList<>();
		sizes.forEach(
				(group, size) -> groups.add(new GroupDescriptor(group.name, group.component, size, group.measurement)));
		return groups;
	}

	/**
	 * How loops are measured.
	 */
	public enum Measurement {

		/**
		 * By what the loops record themselves.
		 */
		EXACT,

		/**
		 * By probes that are sent to the loops.
		 */
		APPROXIMATE;

		private static Measurement of(LoopSnapshot loop) {
			return loop.approximate() ? APPROXIMATE : EXACT;
		}

	}

}
