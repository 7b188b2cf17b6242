package io.github.eventloop.actuate.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.actuate.internal.FindingsDescriptor.EvidenceDescriptor;
import io.github.eventloop.actuate.internal.FindingsDescriptor.FindingDescriptor;
import io.github.eventloop.actuate.internal.FindingsDescriptor.FindingStalls;

/**
 * Findings as Markdown, to paste into an issue or to pass to an assistant. Contains what
 * the JSON contains, so details only if the reader is shown them.
 */
final class FindingsMarkdown {

	/** Fits into an issue and a prompt. */
	static final int MAX_BYTES = 16 * 1024;

	private static final String LEFT_OUT = "\nMore is left out: the JSON has all of it.\n";

	private FindingsMarkdown() {
	}

	static String of(FindingsDescriptor all) {
		List<String> parts = new ArrayList<>();
		parts.add("# Event loop diagnosis\n\n" + text(all.summary()) + "\n\nAt " + all.at() + ", over the last "
				+ Math.round(all.periodSeconds()) + " s.\n");
		for (int i = 0; i < all.findings().size(); i++) {
			parts.add(finding(i + 1, all.findings().get(i)));
		}
		parts.add(list("Checked", all.checked()));
		parts.add(list("Not checked", all.notChecked()));
		if (all.hint() != null) {
			parts.add("\n" + text(all.hint()) + "\n");
		}
		return join(parts);
	}

	private static String join(List<String> parts) {
		StringBuilder markdown = new StringBuilder();
		int left = MAX_BYTES - LEFT_OUT.length();
		for (String part : parts) {
			left -= part.getBytes(StandardCharsets.UTF_8).length;
			if (left < 0) {
				return markdown.append(LEFT_OUT).toString();
			}
			markdown.append(part);
		}
		return markdown.toString();
	}

	private static String finding(int number, FindingDescriptor finding) {
		EvidenceDescriptor evidence = finding.evidence();
		List<String> facts = new ArrayList<>();
		facts.add((evidence.since() != null) ? "from " + evidence.since() + " to " + evidence.lastSeenAt()
				: "at " + evidence.lastSeenAt());
		if (!evidence.loops().isEmpty()) {
			facts.add("event loops: " + codes(evidence.loops()));
		}
		if (evidence.stalls() != null) {
			facts.add(stalls(evidence.stalls()));
		}
		evidence.figures().forEach((figure) -> facts.add(text(figure)));
		addCode(facts, "line: ", evidence.culprit());
		addCode(facts, "called from: ", evidence.entry());
		if (evidence.routes() != null && !evidence.routes().isEmpty()) {
			facts.add("routes: " + codes(evidence.routes()));
		}
		if (evidence.notes() != null) {
			evidence.notes().forEach((note) -> facts.add(text(note)));
		}
		return "\n## " + number + ". " + finding.severity() + ": " + text(finding.title()) + "\n\n`" + finding.id()
				+ "`, confidence " + finding.confidence() + ", see " + finding.docs() + "\n\n"
				+ facts.stream().map((fact) -> "- " + fact + "\n").collect(Collectors.joining()) + "\n**Do now**: "
				+ text(finding.action()) + "\n\n**Cure**: " + text(finding.cure()) + "\n";
	}

	private static String stalls(FindingStalls stalls) {
		return "stalls: " + stalls.count() + ", of which in progress " + stalls.inProgress() + "; total "
				+ Math.round(stalls.totalMillis()) + " ms, longest " + Math.round(stalls.maxMillis()) + " ms; "
				+ Math.round(stalls.lagShare() * 100) + " % of the lag of all stalls; requests in flight up to "
				+ stalls.maxInFlightRequests() + "; newest stall " + stalls.lastStallId();
	}

	private static void addCode(List<String> facts, String label, @Nullable CulpritDescriptor frame) {
		if (frame != null) {
			String line = (frame.lineNumber() != null) ? ":" + frame.lineNumber() : "";
			facts
				.add(label + code(frame.className() + "." + frame.methodName() + " (" + frame.fileName() + line + ")"));
		}
	}

	private static String list(String heading, List<String> items) {
		return items.isEmpty() ? "" : "\n## " + heading + "\n\n"
				+ items.stream().map((item) -> "- " + text(item) + "\n").collect(Collectors.joining());
	}

	private static String codes(List<String> texts) {
		return texts.stream().map(FindingsMarkdown::code).collect(Collectors.joining(", "));
	}

	private static String code(String text) {
		return "`" + text.replace('`', '\'').replaceAll("\\s", " ") + "`";
	}

	/** Names of threads, pools and methods may contain anything. */
	private static String text(String text) {
		return text.replace("&", "&amp;")
			.replace("<", "&lt;")
			.replaceAll("\\s", " ")
			.replaceAll("([\\\\`*\\[\\]|])", "\\\\$1");
	}

}
