package io.github.eventloop.stall.internal.advice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks for the advice file entries that the documentation shows.
 */
public final class AdviceSnippet {

	private AdviceSnippet() {
	}

	/**
	 * Assert that there is at least one entry, and that all entries are valid.
	 * @param text the entries
	 */
	public static void check(String text) {
		AdviceFile file = AdviceFile.parse(text.lines().toList());
		assertThat(file.problems()).isEmpty();
		assertThat(file.entries()).isNotEmpty();
	}

}
