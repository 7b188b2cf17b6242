package io.github.eventloop.junit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingCall;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.Stall;

/**
 * Message of a failed test, with a paragraph and a stack for each line that stalled or
 * blocked a loop.
 */
final class FailureMessage {

	private final Duration threshold;

	private final Map<String, Paragraph> stalls = new LinkedHashMap<>();

	private final Map<String, Paragraph> calls = new LinkedHashMap<>();

	FailureMessage(Duration threshold) {
		this.threshold = threshold;
	}

	void add(Stall stall) {
		this.stalls.computeIfAbsent(stall.summary(), (key) -> new Paragraph(stall.advice(), stall.samples().stack()))
			.add(stall.duration(), stall.loop(), stall.inProgress(), stall.code().culprit());
	}

	/**
	 * Add a blocking call, unless a stall with the same culprit has been added.
	 * @param call the call
	 * @param stack the stack of the call, innermost frame first
	 */
	void add(BlockingCall call, List<String> stack) {
		boolean reported = this.stalls.values().stream().anyMatch((paragraph) -> paragraph.hasCulprit(call.culprit()));
		if (!reported) {
			this.calls
				.computeIfAbsent(call.kind() + " at " + call.culprit(),
						(key) -> new Paragraph("Move it off the event loop.", stack))
				.add(call.length(), call.loop(), false, call.culprit());
		}
	}

	boolean isEmpty() {
		return this.stalls.isEmpty() && this.calls.isEmpty();
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		append(text, "An event loop stalled for more than " + this.threshold.toMillis() + " ms:", this.stalls);
		append(text, "An event loop made a blocking call:", this.calls);
		return text.toString();
	}

	private static void append(StringBuilder text, String heading, Map<String, Paragraph> paragraphs) {
		if (!paragraphs.isEmpty()) {
			text.append((text.length() > 0) ? "\n" : "").append(heading);
			paragraphs.forEach((summary, paragraph) -> paragraph.append(text, summary));
		}
	}

	/**
	 * All stalls or blocking calls of one line.
	 */
	private static final class Paragraph {

		private final String advice;

		private final List<String> stack;

		private int count;

		private Duration max = Duration.ZERO;

		private String loop = "";

		private boolean inProgress;

		private @Nullable Culprit culprit;

		Paragraph(String advice, List<String> stack) {
			this.advice = advice;
			this.stack = stack;
		}

		void add(Duration length, String loop, boolean inProgress, @Nullable Culprit culprit) {
			this.count++;
			this.inProgress = this.inProgress || inProgress;
			this.culprit = culprit;
			if (length.compareTo(this.max) >= 0) {
				this.max = length;
				this.loop = loop;
			}
		}

		/** Compare without the file, which not every detector reports. */
		boolean hasCulprit(@Nullable Culprit other) {
			return this.culprit != null && other != null && this.culprit.className().equals(other.className())
					&& this.culprit.methodName().equals(other.methodName());
		}

		void append(StringBuilder text, String summary) {
			text.append("\n  ").append(summary).append(", ");
			if (this.count > 1) {
				text.append(this.count).append(" times, up to ");
			}
			text.append(this.max.toMillis()).append(" ms on ").append(this.loop);
			text.append(this.inProgress ? ", and has not ended yet." : ".");
			if (!this.advice.isEmpty()) {
				text.append(' ').append(this.advice);
			}
			this.stack
				.forEach((line) -> text.append("\n      ").append(line.startsWith("...") ? "" : "at ").append(line));
		}

	}

}
