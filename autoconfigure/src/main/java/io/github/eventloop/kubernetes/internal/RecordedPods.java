package io.github.eventloop.kubernetes.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Pods that a Lease lists, because they are out of service or in trouble. Immutable.
 * <p>
 * Their order is that in which they were added, because each is appended to the record
 * that its predecessor wrote. So it does not depend on the clocks of the nodes, which may
 * differ. The times are for people who read the record, and for {@link SharedTrouble}.
 *
 * @param pods the pods, the first one added first
 */
record RecordedPods(List<RecordedPod> pods) {

	static final RecordedPods NONE = new RecordedPods(List.of());

	RecordedPods {
		pods = List.copyOf(pods);
	}

	/**
	 * Parse a record, as {@link #format()} writes it. A pod without a time is a pod: the
	 * record may have been edited by hand.
	 */
	static RecordedPods parse(@Nullable String text) {
		if (text == null) {
			return NONE;
		}
		return new RecordedPods(Arrays.stream(text.split(",", -1))
			.map(String::trim)
			.filter((element) -> !element.isEmpty())
			.map((element) -> element.split("=", 2))
			.map((parts) -> new RecordedPod(parts[0], (parts.length > 1) ? parts[1] : ""))
			.toList());
	}

	String format() {
		return this.pods.stream().map(RecordedPod::toString).collect(Collectors.joining(","));
	}

	RecordedPods with(String pod, Instant since) {
		RecordedPod added = new RecordedPod(pod, since.truncatedTo(ChronoUnit.MILLIS).toString());
		return new RecordedPods(Stream.concat(without(pod).pods.stream(), Stream.of(added)).toList());
	}

	RecordedPods without(String pod) {
		return matching((each) -> !each.name().equals(pod));
	}

	RecordedPods matching(Predicate<RecordedPod> predicate) {
		return new RecordedPods(this.pods.stream().filter(predicate).toList());
	}

	List<String> names() {
		return this.pods.stream().map(RecordedPod::name).distinct().toList();
	}

	/**
	 * Pod that a Lease lists.
	 *
	 * @param name the name of the pod
	 * @param since when it was added, by its own clock
	 */
	record RecordedPod(String name, String since) {

		@Override
		public String toString() {
			return this.name + "=" + this.since;
		}

	}

}
