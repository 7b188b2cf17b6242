package io.github.eventloop.actuate.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.finding.Confidence;
import io.github.eventloop.finding.Evidence;
import io.github.eventloop.finding.Finding;
import io.github.eventloop.finding.Findings;
import io.github.eventloop.finding.Severity;

/**
 * What is wrong with the event loops.
 *
 * @param at when it was determined
 * @param periodSeconds how far back it looks
 * @param summary the most important finding, or that nothing is wrong, in one sentence
 * @param findings what is wrong, most important first; empty if nothing is
 * @param checked what was looked at
 * @param notChecked what could not be looked at, and how to change that
 * @param hint how to see details; left out where they are shown
 */
@JsonPropertyOrder({ "at", "periodSeconds", "summary", "findings", "checked", "notChecked", "hint" })
public record FindingsDescriptor(Instant at, double periodSeconds, String summary, List<FindingDescriptor> findings,
		List<String> checked, List<String> notChecked, @Nullable String hint) implements OperationResponseBody {

	/** More names are of no use to a reader. */
	private static final int MAX_LOOPS = 8;

	static FindingsDescriptor of(Findings findings, @Nullable String hint) {
		List<FindingDescriptor> all = findings.findings()
			.stream()
			.map((finding) -> FindingDescriptor.of(finding, hint == null))
			.toList();
		return new FindingsDescriptor(findings.at().truncatedTo(ChronoUnit.MILLIS),
				Numbers.seconds(findings.period().toNanos()), summary(all), all, findings.checked(),
				findings.notChecked(), hint);
	}

	private static String summary(List<FindingDescriptor> findings) {
		if (findings.isEmpty()) {
			return "Nothing is wrong with the event loops.";
		}
		String first = findings.get(0).title();
		return switch (findings.size()) {
			case 1 -> first + ".";
			case 2 -> first + ", and 1 more finding.";
			default -> first + ", and " + (findings.size() - 1) + " more findings.";
		};
	}

	/**
	 * Something that is wrong.
	 *
	 * @param id the stable id of the kind of finding
	 * @param severity how much it matters to users
	 * @param title one sentence with the most important figures; with the line of code,
	 * which is a detail, where details are shown
	 * @param evidence the figures that it is based on
	 * @param confidence how certain it is
	 * @param action what to do now
	 * @param cure how to prevent it; the advice for the line of code, which is a detail,
	 * where details are shown
	 * @param docs the section of the documentation
	 */
	@JsonPropertyOrder({ "id", "severity", "title", "evidence", "confidence", "action", "cure", "docs" })
	public record FindingDescriptor(String id, Severity severity, String title, EvidenceDescriptor evidence,
			Confidence confidence, String action, String cure, String docs) {

		static FindingDescriptor of(Finding finding, boolean withDetails) {
			Evidence.Code code = withDetails ? finding.evidence().code() : null;
			String title = (code != null && code.culprit() != null) ? finding.title() + ", at " + code.culprit()
					: finding.title();
			String cure = (code != null && code.advice() != null) ? code.advice() : finding.cure();
			return new FindingDescriptor(finding.id(), finding.severity(), title,
					EvidenceDescriptor.of(finding.evidence(), code), finding.confidence(), finding.action(), cure,
					finding.docs());
		}

	}

	/**
	 * Figures that a finding is based on. Details are left out for readers that are not
	 * shown any; see {@link Details}.
	 *
	 * @param since the first time that it was observed in the period; left out where it
	 * is not known
	 * @param lastSeenAt the last time that it was observed
	 * @param loops the names of up to eight affected loops, most affected first
	 * @param figures further figures
	 * @param stalls the stalls that belong to it; left out where it is not about stalls
	 * @param culprit a detail: the line that caused it; left out where there is none
	 * @param entry a detail: the outermost frame of the application around the culprit;
	 * left out where there is none
	 * @param routes a detail: the route templates of up to five affected requests
	 * @param notes a detail: further details, such as the owner of a lock
	 */
	@JsonPropertyOrder({ "since", "lastSeenAt", "loops", "figures", "stalls", "culprit", "entry", "routes", "notes" })
	public record EvidenceDescriptor(@Nullable Instant since, Instant lastSeenAt, List<String> loops,
			List<String> figures, @Nullable FindingStalls stalls, @Nullable CulpritDescriptor culprit,
			@Nullable CulpritDescriptor entry, @Nullable List<String> routes, @Nullable List<String> notes) {

		private static EvidenceDescriptor of(Evidence evidence, Evidence.@Nullable Code code) {
			Instant since = evidence.since();
			Evidence.Stalls stalls = evidence.stalls();
			return new EvidenceDescriptor((since != null) ? since.truncatedTo(ChronoUnit.MILLIS) : null,
					evidence.lastSeenAt().truncatedTo(ChronoUnit.MILLIS),
					evidence.loops().stream().limit(MAX_LOOPS).toList(), evidence.figures(),
					(stalls != null) ? FindingStalls.of(stalls) : null,
					(code != null) ? CulpritDescriptor.of(code.culprit()) : null,
					(code != null) ? CulpritDescriptor.of(code.entry()) : null, (code != null) ? code.routes() : null,
					(code != null) ? code.notes() : null);
		}

	}

	/**
	 * Stalls in the period.
	 *
	 * @param count their number
	 * @param inProgress the number of those in progress
	 * @param totalMillis their total duration
	 * @param maxMillis the duration of the longest
	 * @param lagShare the share of the lag of all stalls that they explain, 0..1
	 * @param maxInFlightRequests the largest number of requests in flight on a stalled
	 * loop
	 * @param lastStallId the id of the newest
	 */
	@JsonPropertyOrder({ "count", "inProgress", "totalMillis", "maxMillis", "lagShare", "maxInFlightRequests",
			"lastStallId" })
	public record FindingStalls(int count, int inProgress, double totalMillis, double maxMillis, double lagShare,
			int maxInFlightRequests, String lastStallId) {

		private static FindingStalls of(Evidence.Stalls stalls) {
			return new FindingStalls(stalls.count(), stalls.inProgress(), Numbers.millis(stalls.total().toNanos()),
					Numbers.millis(stalls.max().toNanos()), Numbers.share(stalls.lagShare()),
					stalls.maxInFlightRequests(), Long.toString(stalls.lastStallId()));
		}

	}

}
