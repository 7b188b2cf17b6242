package io.github.eventloop.stall;

import org.jspecify.annotations.Nullable;

final class Advice {

	private Advice() {
	}

	static String of(StallCause cause, @Nullable Culprit culprit, StackTraceElement[] stack) {
		return "";
	}

}
