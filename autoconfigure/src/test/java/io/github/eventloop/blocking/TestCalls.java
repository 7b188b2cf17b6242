package io.github.eventloop.blocking;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.eventloop.stall.StackReader;

/**
 * A table of blocking calls that tests of other packages can add to.
 */
public final class TestCalls {

	private final BlockingCalls calls = new BlockingCalls(new StackReader(List.of()));

	public BlockingCalls calls() {
		return this.calls;
	}

	public void add(BlockingKind kind, Duration length) {
		this.calls.add(kind, "loop-1", length, Instant.now());
	}

}
