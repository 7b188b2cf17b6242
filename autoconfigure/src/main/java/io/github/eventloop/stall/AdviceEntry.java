package io.github.eventloop.stall;

import java.util.List;
import java.util.Set;

/**
 * One entry of an advice file: which stalls it is for, and what to do about them.
 * Immutable.
 *
 * @param causes the causes that it is for
 * @param place where one of the names has to be on the stack
 * @param names the full names of packages, classes and methods; {@code <clinit>} stands
 * for the initializer of any class; with {@link Place#IF}, facts
 * @param sentence what to do
 */
record AdviceEntry(Set<StallCause> causes, Place place, List<String> names, String sentence) {

	/** Of a loop that handled only this one for most of the stall. */
	static final String ONE_CONNECTION = "one connection";

	/** What may be known of a stall beside its stacks. */
	static final List<String> FACTS = List.of(ONE_CONNECTION, StarvedBy.CPU_LIMIT, StarvedBy.OWN_THREADS,
			StarvedBy.OTHER_PROCESSES);

	private static final List<String> JDK = List.of("java", "javax", "jdk", "sun", "com.sun");

	/**
	 * Return whether the entry is for a stack, or a part of it.
	 * @param cause the cause of the stall
	 * @param stack the frames, innermost first
	 * @param from the first frame of the part
	 * @param to the frame after the last one of the part
	 * @return whether it is
	 */
	boolean matches(StallCause cause, StackTraceElement[] stack, int from, int to) {
		if (!this.causes.contains(cause)) {
			return false;
		}
		for (int i = from; i < to; i++) {
			if (isNamed(stack[i])) {
				return true;
			}
			if (this.place == Place.AT && !isJdk(stack[i])) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Return whether the entry is for a stall of which a fact is known.
	 * @param cause the cause of the stall
	 * @param facts what is known of it
	 * @return whether it is
	 */
	boolean matches(StallCause cause, Set<String> facts) {
		return this.place == Place.IF && this.causes.contains(cause) && this.names.stream().anyMatch(facts::contains);
	}

	private boolean isNamed(StackTraceElement frame) {
		String name = frame.getClassName() + "." + frame.getMethodName();
		for (String known : this.names) {
			if (StackReader.isWithin(known, name) || (known.startsWith("<") && known.equals(frame.getMethodName()))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isJdk(StackTraceElement frame) {
		return JDK.stream().anyMatch((name) -> StackReader.isWithin(name, frame.getClassName()));
	}

	/**
	 * Where on the stack the names of an entry are looked for.
	 */
	enum Place {

		/**
		 * Between the innermost frame and the culprit; where the thread computed, also in
		 * the frames that called the culprit.
		 */
		IN,

		/**
		 * As {@link #IN}, with nothing but frames of the JDK further in.
		 */
		AT,

		/**
		 * Anywhere: the sentence is added to that of another entry.
		 */
		UNDER,

		/**
		 * Nowhere: the names are facts, one of which has to be known of the stall.
		 */
		IF,

		/**
		 * Nowhere: the entry is for stalls that no other entry is for.
		 */
		ELSE

	}

}
