package io.github.eventloop.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Visits matched with stalls. Each visit stalls its loop once.
 *
 * @param found visits with a stall whose culprit is the class of the offender
 * @param misattributed visits with stalls, all of which have another culprit
 * @param missed visits without a stall
 * @param tooShort number of visits without the right stall that may have been too short
 * for one
 * @param unmatched stalls without a visit, and further stalls during a visit
 */
record Findings(List<Visit> found, List<Visit> misattributed, List<Visit> missed, int tooShort,
		List<ReportedStall> unmatched) {

	/**
	 * Match visits with stalls.
	 * @param visits all visits, each of which was sent after the one before was answered
	 * @param stalls all stalls
	 * @return the findings
	 */
	static Findings of(List<Visit> visits, List<ReportedStall> stalls) {
		List<ReportedStall> unmatched = new ArrayList<>(stalls);
		List<Visit> found = new ArrayList<>();
		List<Visit> misattributed = new ArrayList<>();
		List<Visit> missed = new ArrayList<>();
		for (Visit visit : visits) {
			List<ReportedStall> meanwhile = unmatched.stream().filter(visit::covers).toList();
			Optional<ReportedStall> right = meanwhile.stream().filter(visit.offender()::isCulpritOf).findFirst();
			Optional<ReportedStall> its = right.or(() -> meanwhile.stream().findFirst());
			its.ifPresent(unmatched::remove);
			if (right.isPresent()) {
				found.add(visit);
			}
			else if (visit.certainlyStalled()) {
				(its.isEmpty() ? missed : misattributed).add(visit);
			}
		}
		int tooShort = visits.size() - found.size() - misattributed.size() - missed.size();
		return new Findings(found, misattributed, missed, tooShort, unmatched);
	}

	/**
	 * Return the stalls that neither a visit nor the machine explains: collectors pause a
	 * loop, other processes take CPU time from it, and if they take it from all threads,
	 * the stall is over before its stack can be sampled. The backlog behind a visit may
	 * take as long, but has no offender as its culprit.
	 * @return the stalls
	 */
	List<ReportedStall> spurious() {
		return this.unmatched.stream()
			.filter((stall) -> !List.of("GC", "STARVED", "UNKNOWN").contains(stall.cause()))
			.filter((stall) -> Offender.ALL.stream().anyMatch((offender) -> offender.isCulpritOf(stall))
					|| !isAfterVisit(stall))
			.toList();
	}

	private boolean isAfterVisit(ReportedStall stall) {
		return Stream.concat(this.found.stream(), this.misattributed.stream())
			.anyMatch((visit) -> visit.isFollowedBy(stall));
	}

}
