package io.github.eventloop.stall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Entries of an advice file in the documentation.
 */
public final class AdviceSnippet {

	private AdviceSnippet() {
	}

	/**
	 * Fail if one of the entries is not valid, or if there is none.
	 * @param text the entries
	 */
	public static void check(String text) {
		AdviceFile file = AdviceFile.parse(text.lines().toList());
		assertThat(file.problems()).isEmpty();
		assertThat(file.entries()).isNotEmpty();
	}

}
