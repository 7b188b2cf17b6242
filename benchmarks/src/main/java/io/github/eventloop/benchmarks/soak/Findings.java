package io.github.eventloop.benchmarks.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Visits beside stalls. Each visit holds its loop up once.
 *
 * @param found visits with a stall that blames their line
 * @param blamedElsewhere visits with a stall, none of which blames their line
 * @param missed visits without a stall
 * @param tooShort how many visits without the right stall were too short to be sure of
 * @param without stalls without a visit, and those that a visit has besides its own
 */
record Findings(List<Visit> found, List<Visit> blamedElsewhere, List<Visit> missed, int tooShort,
		List<SeenStall> without) {

	/**
	 * Compare them.
	 * @param visits all visits, none of which was sent before the one before was answered
	 * @param stalls all stalls
	 * @return what belongs to what
	 */
	static Findings of(List<Visit> visits, List<SeenStall> stalls) {
		List<SeenStall> without = new ArrayList<>(stalls);
		List<Visit> found = new ArrayList<>();
		List<Visit> elsewhere = new ArrayList<>();
		List<Visit> missed = new ArrayList<>();
		for (Visit visit : visits) {
			List<SeenStall> meanwhile = without.stream().filter(visit::covers).toList();
			Optional<SeenStall> right = meanwhile.stream().filter(visit.offender()::isBlamedBy).findFirst();
			Optional<SeenStall> its = right.or(() -> meanwhile.stream().findFirst());
			its.ifPresent(without::remove);
			if (right.isPresent()) {
				found.add(visit);
			}
			else if (visit.surelyStalled()) {
				(its.isEmpty() ? missed : elsewhere).add(visit);
			}
		}
		int tooShort = visits.size() - found.size() - elsewhere.size() - missed.size();
		return new Findings(found, elsewhere, missed, tooShort, without);
	}

	/**
	 * Return the stalls that neither a visit nor the machine explains: collectors stop a
	 * loop, other processes keep CPUs from it, and what keeps them from everybody is over
	 * before anybody looks. What has piled up behind a visit may take as long, but is no
	 * offender.
	 * @return the stalls
	 */
	List<SeenStall> invented() {
		return this.without.stream()
			.filter((stall) -> !List.of("GC", "STARVED", "UNKNOWN").contains(stall.cause()))
			.filter((stall) -> Offender.ALL.stream().anyMatch((offender) -> offender.isBlamedBy(stall))
					|| !isAfterVisit(stall))
			.toList();
	}

	private boolean isAfterVisit(SeenStall stall) {
		return Stream.concat(this.found.stream(), this.blamedElsewhere.stream())
			.anyMatch((visit) -> visit.isFollowedBy(stall));
	}

}
