package io.github.eventloop.finding;

/**
 * Something that is wrong with the event loops. Immutable.
 *
 * @param id the stable id of the kind of finding, such as {@code blocking-call}; several
 * findings of one kind differ in the {@linkplain Evidence#code() code}
 * @param severity how much it matters to users
 * @param title one sentence with the most important figures, without details from code
 * and requests
 * @param evidence the figures that it is based on
 * @param confidence how certain it is
 * @param action what to do now
 * @param cure how to prevent it
 * @since 0.1.0
 */
public record Finding(String id, Severity severity, String title, Evidence evidence, Confidence confidence,
		String action, String cure) {

	/**
	 * Return where the documentation explains this kind of finding.
	 * @return the path of the page in the documentation, with the anchor of the section
	 */
	public String docs() {
		return "docs/findings.md#" + this.id;
	}

}
