package io.github.eventloop.finding.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.eventloop.finding.Finding;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.internal.cause.StarvedBy;

/**
 * {@link Rule} that makes findings of the stalls of each {@link StallRule}.
 */
final class StallRules implements Rule {

	@Override
	public List<String> ids() {
		return Stream.of(StallRule.values()).map((rule) -> rule.id).toList();
	}

	@Override
	public List<Finding> find(Observations all, List<Finding> others) {
		Map<StallRule, List<Stall>> byRule = new EnumMap<>(StallRule.class);
		for (Stall stall : all.stalls()) {
			byRule.computeIfAbsent(StallRule.of(stall, all), (rule) -> new ArrayList<>()).add(stall);
		}
		List<Finding> findings = new ArrayList<>();
		byRule.forEach((rule, stalls) -> noticed(rule, stalls).stream()
			.sorted(Comparator.comparingDouble(StallGroup::lag).reversed())
			.limit(Thresholds.MAX_FINDINGS_PER_RULE)
			.forEach((group) -> findings.add(group.finding(all))));
		if (!byRule.containsKey(StallRule.CPU_LIMIT)) {
			addThrottled(all, findings);
		}
		return findings;
	}

	/**
	 * Return the groups that users noticed. What is left is a group as well if users
	 * noticed all of it together: in the code of a library, each stall may have another
	 * culprit.
	 */
	private static List<StallGroup> noticed(StallRule rule, List<Stall> stalls) {
		List<StallGroup> noticed = new ArrayList<>();
		List<Stall> left = new ArrayList<>(stalls);
		for (StallGroup group : groups(rule, stalls)) {
			if (rule.isNoticed(group.stalls())) {
				noticed.add(group);
				left.removeAll(group.stalls());
			}
		}
		if (rule.isNoticed(left)) {
			noticed.add(new StallGroup(rule, left));
		}
		return noticed;
	}

	private static List<StallGroup> groups(StallRule rule, List<Stall> stalls) {
		Map<String, List<Stall>> byCode = new LinkedHashMap<>();
		for (Stall stall : stalls) {
			Culprit culprit = stall.code().culprit();
			// Not by line, since samples of one computation differ in it.
			String code = (rule.by == StallRule.By.LINE && culprit != null)
					? culprit.className() + "." + culprit.methodName() : "";
			byCode.computeIfAbsent(code, (key) -> new ArrayList<>()).add(stall);
		}
		return byCode.values().stream().map((each) -> new StallGroup(rule, each)).toList();
	}

	/**
	 * Add a finding if the CPU limit accounts for most of stalls whose own CPU time alone
	 * would be a stall, so that their cause is the line.
	 */
	private static void addThrottled(Observations all, List<Finding> findings) {
		List<Stall> throttled = all.stalls()
			.stream()
			.filter((stall) -> StarvedBy.CPU_LIMIT.equals(stall.times().starvedBy())
					&& stall.times().starvedNanos() > stall.duration().toNanos() / 2)
			.toList();
		if (StallRule.CPU_LIMIT.isNoticed(throttled)) {
			findings.add(new StallGroup(StallRule.CPU_LIMIT, throttled).finding(all));
		}
	}

}
