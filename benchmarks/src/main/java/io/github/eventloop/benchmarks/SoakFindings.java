package io.github.eventloop.benchmarks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/**
 * Visits to offenders matched with stalls. Each visit stalls its loop once.
 *
 * @param found visits with a stall whose culprit is the class of the offender
 * @param misattributed visits with stalls, all of which have another culprit
 * @param missed visits without a stall
 * @param tooShort number of visits without the right stall that may have been too short
 * for one
 * @param unmatched stalls without a visit, and further stalls during a visit
 */
record SoakFindings(List<Visit> found, List<Visit> misattributed, List<Visit> missed, int tooShort,
		List<Stall> unmatched) {

	/**
	 * Match visits, each of which was sent after the one before was answered, with
	 * stalls.
	 */
	static SoakFindings of(List<Visit> visits, List<Stall> stalls) {
		List<Stall> unmatched = new ArrayList<>(stalls);
		List<Visit> found = new ArrayList<>();
		List<Visit> misattributed = new ArrayList<>();
		List<Visit> missed = new ArrayList<>();
		for (Visit visit : visits) {
			List<Stall> meanwhile = unmatched.stream().filter((stall) -> visit.covers(stall, 0)).toList();
			Optional<Stall> right = meanwhile.stream().filter(visit.offender()::isCulpritOf).findFirst();
			Optional<Stall> its = right.or(() -> meanwhile.stream().findFirst());
			its.ifPresent(unmatched::remove);
			if (right.isPresent()) {
				found.add(visit);
			}
			else if (visit.endMillis() - visit.startMillis() >= Visit.MIN_STALLED_MILLIS) {
				(its.isEmpty() ? missed : misattributed).add(visit);
			}
		}
		int tooShort = visits.size() - found.size() - misattributed.size() - missed.size();
		return new SoakFindings(found, misattributed, missed, tooShort, unmatched);
	}

	/**
	 * Return the stalls that neither a visit nor the machine explains: collectors pause a
	 * loop, other processes take CPU time from it, and if they take it from all threads,
	 * the stall is over before its stack can be sampled. The backlog behind a visit may
	 * take as long, but has no offender as its culprit.
	 */
	List<Stall> spurious() {
		return this.unmatched.stream()
			.filter((stall) -> !List.of("GC", "STARVED", "UNKNOWN").contains(stall.cause()))
			.filter((stall) -> Offender.ALL.stream().anyMatch((offender) -> offender.isCulpritOf(stall))
					|| Stream.of(this.found, this.misattributed)
						.flatMap(List::stream)
						.noneMatch((visit) -> visit.covers(stall, Visit.BACKLOG_MILLIS)))
			.toList();
	}

	/**
	 * A visit to an offender that was answered, between two times in milliseconds since
	 * 1970.
	 */
	record Visit(Offender offender, long startMillis, long endMillis) {

		/**
		 * Long enough to stall the loop, with a margin for everything else that takes
		 * time.
		 */
		private static final int MIN_STALLED_MILLIS = 150;

		private static final int BACKLOG_MILLIS = 50;

		/** Whether a stall began during the visit, or shortly after the answer. */
		private boolean covers(Stall stall, int afterMillis) {
			return stall.startMillis() >= this.startMillis && stall.startMillis() <= this.endMillis + afterMillis;
		}

	}

	/**
	 * A stall as reported by the endpoint.
	 */
	record Stall(long id, long startMillis, double durationMillis, String cause, String culprit) {

		static Stall of(JsonNode stall) {
			return new Stall(stall.get("id").asLong(), Instant.parse(stall.get("startedAt").asString()).toEpochMilli(),
					stall.get("durationMillis").asDouble(), stall.get("cause").asString(),
					stall.at("/culprit/className").asString(""));
		}

	}

	/**
	 * An offender of the sample, and the simple name of the class that a stall has to
	 * name as its culprit.
	 *
	 * @param path its path below {@code /offenders/}, with parameters for a duration of
	 * about 0.2 to 0.6 s
	 */
	record Offender(String path, String culprit) {

		static final List<Offender> ALL = List.of(new Offender("sleep?millis=200", "SleepController"),
				new Offender("http?millis=250", "HttpController"),
				new Offender("fibonacci?n=38", "FibonacciController"), new Offender("regex", "RegexController"),
				new Offender("bcrypt?strength=12", "BcryptController"), new Offender("sort", "SortController"),
				new Offender("jdbc", "JdbcController"), new Offender("file", "PriceList"));

		/**
		 * Whether the culprit of a stall is the class of this offender, or a nested
		 * class.
		 */
		boolean isCulpritOf(Stall stall) {
			return stall.culprit().matches(".*\\." + this.culprit + "(\\$.*)?");
		}

	}

}
