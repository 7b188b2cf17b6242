package io.github.eventloop.documentation;

import java.util.function.Consumer;

import org.springframework.context.event.EventListener;

import io.github.eventloop.stall.EventLoopStallEvent;

/**
 * Code of {@code docs/stalls.md}. Compiled, but not run.
 */
class StallSnippets {

	private final Consumer<String> pager;

	StallSnippets(Consumer<String> pager) {
		this.pager = pager;
	}

	@EventListener
	void onStall(EventLoopStallEvent event) {
		this.pager.accept(event.stall().summary());
	}

}
