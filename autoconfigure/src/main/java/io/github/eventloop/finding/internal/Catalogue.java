package io.github.eventloop.finding.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Findings;

/**
 * All rules, and the order of what they find.
 */
public final class Catalogue {

	/** Rules that look at the findings of others come later. */
	private static final List<Rule> RULES = List.of(new AcceptorRule(), new StallRules(), new PauseRule(),
			new PoolRules(), new LoadRules(), new BlindSpotRules());

	/**
	 * Most severe first; then what explains most of the lag; then in order of the rules.
	 */
	private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
		.thenComparing(Comparator.comparingDouble(StallGroup::lagShareOf).reversed());

	private Catalogue() {
	}

	/**
	 * Return what is wrong.
	 * @param all the observations
	 * @return the findings, most important first
	 */
	public static List<Finding> find(Observations all) {
		List<Finding> findings = new ArrayList<>();
		for (Rule rule : RULES) {
			findings.addAll(rule.find(all, List.copyOf(findings)));
		}
		return findings.stream().sorted(ORDER).limit(Findings.MAX_FINDINGS).toList();
	}

	/**
	 * Return the ids of all kinds of findings.
	 * @return the ids
	 */
	public static List<String> ids() {
		return RULES.stream().flatMap((rule) -> rule.ids().stream()).toList();
	}

}
