package io.github.eventloop.documentation;

/**
 * A fenced block of a page.
 *
 * @param page the page
 * @param line number of the line that it begins after
 * @param language what the fence says, or nothing
 * @param text what is in it
 */
record Snippet(Page page, int line, String language, String text) {

	@Override
	public String toString() {
		return "%s:%d %s".formatted(this.page, this.line, this.language);
	}

}
