package io.github.eventloop.stall.internal.advice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.advice.AdviceEntry.Place;

/**
 * The content of an advice file. Invalid entries are skipped and reported as problems.
 *
 * @param entries the valid entries, in the order of the file
 * @param problems descriptions of the invalid entries, with line numbers
 */
record AdviceFile(List<AdviceEntry> entries, List<String> problems) {

	private static final Pattern HEAD = Pattern.compile("(\\w+(?:\\s*,\\s*\\w+)*?)(?:\\s+(in|at|under|on|if))?");

	private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

	static AdviceFile parse(List<String> lines) {
		AdviceFile file = new AdviceFile(new ArrayList<>(), new ArrayList<>());
		Draft draft = null;
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i).strip();
			if (line.isEmpty() || line.startsWith("#")) {
				continue;
			}
			if (!line.startsWith("->") && !Character.isWhitespace(lines.get(i).charAt(0))) {
				file.add(draft);
				draft = new Draft(i + 1, line);
			}
			else if (draft != null) {
				draft.add(line);
			}
			else {
				file.problems.add("line " + (i + 1) + ": an entry must start with the causes that it applies to");
			}
		}
		file.add(draft);
		return file;
	}

	private void add(@Nullable Draft draft) {
		if (draft != null) {
			try {
				this.entries.add(draft.toEntry());
			}
			catch (IllegalArgumentException ex) {
				this.problems.add("line " + draft.lineNumber + ": " + ex.getMessage());
			}
		}
	}

	/**
	 * The lines of an entry that is being parsed. Not thread-safe.
	 */
	private static final class Draft {

		private final int lineNumber;

		private final String head;

		private final List<String> names = new ArrayList<>();

		private final StringBuilder sentence = new StringBuilder();

		private boolean arrow;

		Draft(int lineNumber, String head) {
			this.lineNumber = lineNumber;
			this.head = head;
		}

		void add(String line) {
			boolean first = line.startsWith("->");
			this.arrow |= first;
			if (this.arrow) {
				this.sentence.append(this.sentence.isEmpty() ? "" : " ")
					.append(first ? line.substring(2).strip() : line);
			}
			else {
				this.names.add(line);
			}
		}

		AdviceEntry toEntry() {
			Matcher matcher = HEAD.matcher(this.head);
			if (!matcher.matches()) {
				throw new IllegalArgumentException(
						"'" + this.head + "' is not a valid first line of an entry: expected the causes,"
								+ " then 'in', 'at', 'under', 'on' or 'if', such as 'WAITING, LOCK in'");
			}
			Set<StallCause> causes = causes(matcher.group(1));
			Place place = (matcher.group(2) != null) ? Place.valueOf(matcher.group(2).toUpperCase(Locale.ROOT))
					: Place.ELSE;
			checkNames(place);
			if (this.sentence.isEmpty()) {
				throw new IllegalArgumentException("an entry must end with '->' and a sentence that says what to do");
			}
			return new AdviceEntry(causes, place, List.copyOf(this.names), this.sentence.toString());
		}

		private static Set<StallCause> causes(String names) {
			Set<StallCause> causes = EnumSet.noneOf(StallCause.class);
			for (String name : COMMA.splitAsStream(names).toList()) {
				causes.add(Arrays.stream(StallCause.values())
					.filter((cause) -> cause.name().equals(name))
					.findFirst()
					.orElseThrow(() -> new IllegalArgumentException(
							"'" + name + "' is not the cause of a stall: must be one of "
									+ Arrays.toString(StallCause.values()))));
			}
			return causes;
		}

		private static String names(Place place) {
			return switch (place) {
				case IF -> "facts";
				case ON -> "the names of components";
				default -> "the names of packages, classes or methods";
			};
		}

		private void checkNames(Place place) {
			if (place == Place.ELSE && !this.names.isEmpty()) {
				throw new IllegalArgumentException(
						"names require 'in', 'at', 'under', 'on' or 'if' after the causes, such as '" + this.head
								+ " in'");
			}
			if (place != Place.ELSE && this.names.isEmpty()) {
				throw new IllegalArgumentException(
						"'" + this.head + "' must be followed by " + names(place) + ", one per indented line");
			}
			for (String name : this.names) {
				if (place == Place.IF && !AdviceEntry.FACTS.contains(name)) {
					throw new IllegalArgumentException(
							"'" + name + "' is not a fact about a stall: must be one of " + AdviceEntry.FACTS);
				}
				if (place != Place.IF && place != Place.ON && !isName(name)) {
					throw new IllegalArgumentException(
							"'" + name + "' is not the name of a package, class or method, such as com.acme.Shop.load");
				}
			}
		}

		/**
		 * Not with a regular expression, which would take most of the time of loading.
		 */
		private static boolean isName(String name) {
			int from = name.lastIndexOf('.') + 1;
			String last = name.substring(from);
			int end = (last.equals("<clinit>") || last.equals("<init>")) ? from : name.length() + 1;
			for (int start = 0; start < end;) {
				int dot = name.indexOf('.', start);
				dot = (dot < 0) ? name.length() : dot;
				if (dot == start || !Character.isJavaIdentifierStart(name.charAt(start))) {
					return false;
				}
				for (int i = start + 1; i < dot; i++) {
					// Kotlin's names of inline functions contain a hyphen.
					if (!Character.isJavaIdentifierPart(name.charAt(i)) && name.charAt(i) != '-') {
						return false;
					}
				}
				start = dot + 1;
			}
			return true;
		}

	}

}
