package io.github.eventloop.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * The stalls that the first requests bring about, whatever the application does. They
 * wait for classes to be loaded and linked, which on a busy machine is rarely seen in
 * stacks.
 */
final class ExpectedStalls {

	/** A library that blocks at the start does so later, too. */
	private static final Set<StallCause> BLOCKING = EnumSet.of(StallCause.BLOCKING_IO, StallCause.SLEEPING,
			StallCause.WAITING);

	private ExpectedStalls() {
	}

	static boolean isExpected(Stall stall, @Nullable StackReader reader) {
		Culprit culprit = stall.culprit();
		return culprit == null || (!BLOCKING.contains(stall.cause()) && reader != null && reader.isOfLibrary(culprit));
	}

}
