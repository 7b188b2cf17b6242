package io.github.eventloop.finding;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.eventloop.finding.internal.TestObservations;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.LockOwner;
import io.github.eventloop.stall.RecordedCase;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.advice.Advice;
import io.github.eventloop.stall.internal.sample.ThreadSampler;

/**
 * Tests that stalls whose thread dumps were reported from the field have the expected
 * findings, and no others.
 */
class RecordedFindingsTests {

	/** Exceptions of what the cause determines, by the start of the title. */
	private static final Map<String, String> EXPECTED = Map.of("callback on", "driver-loop-blocked", "exhausted pool",
			"connection-pool-exhausted", "lock of an appender", "slow-logging", "class that another", "class-loading");

	@Test
	void recordedStallsShouldHaveExpectedFindingsOnly() throws IOException {
		Evaluation evaluation = new Evaluation("Recorded thread dumps");
		for (RecordedCase row : RecordedCase.readAll()) {
			Stall stall = stall(row);
			evaluation.add(row.name(), List.of(expected(row, stall)), new TestObservations().stall(stall).ids());
		}
		evaluation.assertGood();
	}

	private static String expected(RecordedCase row, Stall stall) {
		return EXPECTED.entrySet()
			.stream()
			.filter((each) -> row.name().startsWith(each.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse((stall.cause() == StallCause.COMPUTING) ? "computing" : "blocking-call");
	}

	private static Stall stall(RecordedCase row) {
		StallCause cause = ThreadSampler.causeOf(row.state(), row.stack(), row.osState());
		StackReader reader = new StackReader(List.of("com.acme"));
		Culprit culprit = reader.culpritOf(row.stack());
		Duration duration = Duration.ofMillis(700);
		List<SampledStack> stacks = new ArrayList<>();
		stacks.add(new SampledStack(cause, row.stack(), 20, duration.toNanos()));
		String component = row.name().startsWith("callback on") ? "lettuce" : null;
		LockOwner owner = (cause == StallCause.LOCK) ? new LockOwner("other", null, true) : null;
		return new Stall(1, "loop-1", "group", component, Instant.now().minusSeconds(20), duration, false, cause,
				new Stall.Code(culprit, culprit, null, owner), new Stall.Requests(null, null, null, null, 1),
				new Stall.Times((cause == StallCause.COMPUTING) ? duration.toNanos() : 0, 0, 0, null),
				new Stall.Work(1, 1, false), new Stall.Samples(20, reader.fold(row.stack()), stacks),
				Advice.of(cause, culprit, row.stack()));
	}

}
