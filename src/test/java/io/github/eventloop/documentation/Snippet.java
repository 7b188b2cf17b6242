package io.github.eventloop.documentation;

/**
 * Fenced block of a page.
 *
 * @param page the page
 * @param line number of the line before it
 * @param language the language of the fence, or empty
 * @param text its content
 */
record Snippet(Page page, int line, String language, String text) {

	@Override
	public String toString() {
		return "%s:%d %s".formatted(this.page, this.line, this.language);
	}

}
