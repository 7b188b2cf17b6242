package io.github.eventloop.autoconfigure;

import java.util.EnumSet;
import java.util.Set;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallCause;

/**
 * Stalls that the first requests cause in any application. They wait for classes to be
 * loaded and linked, which stack samples rarely show on a busy machine.
 */
final class ExpectedStalls {

	/**
	 * Causes that are not expected of a library: one that blocks during startup also
	 * blocks later.
	 */
	private static final Set<StallCause> BLOCKING = EnumSet.of(StallCause.BLOCKING_IO, StallCause.SLEEPING,
			StallCause.WAITING);

	private ExpectedStalls() {
	}

	static boolean isExpected(Stall stall, StackReader reader) {
		Culprit culprit = stall.code().culprit();
		return culprit == null || (!BLOCKING.contains(stall.cause()) && reader.isOfLibrary(culprit));
	}

}
