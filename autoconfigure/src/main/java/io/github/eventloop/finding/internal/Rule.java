package io.github.eventloop.finding.internal;

import java.util.List;

import io.github.eventloop.finding.Finding;

/**
 * Rule that derives findings of some kinds from observations. Stateless. The ids of its
 * findings are sections of {@code docs/findings.md}.
 */
interface Rule {

	/** Return the ids of the findings that the rule may make. */
	List<String> ids();

	/**
	 * Return what is wrong.
	 * @param all the observations
	 * @param others the findings of the rules before this one in the catalogue
	 * @return the findings
	 */
	List<Finding> find(Observations all, List<Finding> others);

}
