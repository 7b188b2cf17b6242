package io.github.eventloop.stall.internal.advice;

import java.util.List;
import java.util.Set;

import io.github.eventloop.stall.StallCause;
import io.github.eventloop.stall.internal.cause.StarvedBy;
import io.github.eventloop.stall.internal.stack.PackageNames;

/**
 * An entry of an advice file: the stalls that it applies to, and what to do about them.
 * Immutable.
 *
 * @param causes the causes that the entry applies to
 * @param place where one of the names must be on the stack
 * @param names the full names of packages, classes and methods, or {@code <clinit>} for
 * the initializer of any class; with {@link Place#IF}, facts; with {@link Place#ON}, the
 * names of components
 * @param sentence what to do
 */
public record AdviceEntry(Set<StallCause> causes, Place place, List<String> names, String sentence) {

	/** The loop handled a single connection for most of the stall. */
	public static final String ONE_CONNECTION = "one connection";

	/** The loop runs on a virtual thread. */
	public static final String VIRTUAL_THREAD = "virtual thread";

	/** The facts that may be known about a stall in addition to its stacks. */
	static final List<String> FACTS = List.of(ONE_CONNECTION, StarvedBy.CPU_LIMIT, StarvedBy.OWN_THREADS,
			StarvedBy.OTHER_PROCESSES, VIRTUAL_THREAD);

	/**
	 * Return whether the entry applies to a stack, or a part of it.
	 * @param cause the cause of the stall
	 * @param stack the frames, innermost first
	 * @param from the first frame of the part
	 * @param to the frame after the last one of the part
	 * @return whether it applies
	 */
	boolean matches(StallCause cause, StackTraceElement[] stack, int from, int to) {
		if (!this.causes.contains(cause)) {
			return false;
		}
		for (int i = from; i < to; i++) {
			if (isNamed(stack[i])) {
				return true;
			}
			if (this.place == Place.AT && !PackageNames.isJdk(stack[i].getClassName())) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Return whether the entry applies to a stall because of a known fact.
	 * @param cause the cause of the stall
	 * @param facts the known facts
	 * @return whether it applies
	 */
	boolean matches(StallCause cause, Set<String> facts) {
		return this.causes.contains(cause) && this.names.stream().anyMatch(facts::contains);
	}

	private boolean isNamed(StackTraceElement frame) {
		String name = frame.getClassName() + "." + frame.getMethodName();
		for (String known : this.names) {
			if (PackageNames.isWithin(known, name) || (known.startsWith("<") && known.equals(frame.getMethodName()))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Part of the stack that is searched for the names of an entry.
	 */
	enum Place {

		/**
		 * From the innermost frame to the culprit; if the cause is
		 * {@link StallCause#COMPUTING}, also the frames that called the culprit.
		 */
		IN,

		/**
		 * As {@link #IN}, but only JDK frames may be further in.
		 */
		AT,

		/**
		 * The whole stack. The sentence is added to that of another entry.
		 */
		UNDER,

		/**
		 * None: the names are components, and the loop must belong to one of them. The
		 * sentence is added to that of another entry, unless one {@link #UNDER} a frame
		 * is.
		 */
		ON,

		/**
		 * None: the names are facts, one of which must be known about the stall.
		 */
		IF,

		/**
		 * None: the entry has no names and applies if no other entry does.
		 */
		ELSE

	}

}
