package io.github.eventloop.stall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads stacks as the developer of the application does: looks for a line of the
 * application, and passes over what is between. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class StackReader {

	/**
	 * The frameworks that carry a request, and what they are written in. What they call
	 * in the end is the application or a library.
	 */
	private static final List<String> FRAMEWORKS = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "io.netty.",
			"reactor.", "org.reactivestreams.", "org.springframework.", "kotlin.", "kotlinx.", "io.github.eventloop.");

	/** Stalls a loop on purpose, so it is to blame although it is ours. */
	private static final String DRILL = "io.github.eventloop.stall.Drill";

	private final List<String> applicationPackages;

	/**
	 * Create a reader.
	 * @param applicationPackages the packages of the application, which include those
	 * below them
	 */
	public StackReader(Collection<String> applicationPackages) {
		this.applicationPackages = applicationPackages.stream().map((name) -> name + ".").toList();
	}

	/**
	 * Return the line to blame for a stack: the innermost frame of the application, else
	 * the innermost of a library.
	 * @param stack the frames, innermost first
	 * @return the culprit, or {@code null} if there are only frames of frameworks
	 */
	public @Nullable Culprit culpritOf(StackTraceElement... stack) {
		StackTraceElement library = null;
		for (StackTraceElement frame : stack) {
			FrameOwner owner = ownerOf(frame);
			if (owner == FrameOwner.APPLICATION) {
				return ReadableFrame.culpritOf(frame);
			}
			if (owner == FrameOwner.LIBRARY && library == null) {
				library = frame;
			}
		}
		return (library != null) ? ReadableFrame.culpritOf(library) : null;
	}

	/**
	 * Return whose code a frame is.
	 * @param frame the frame
	 * @return its owner
	 */
	FrameOwner ownerOf(StackTraceElement frame) {
		String className = frame.getClassName();
		if (isIn(this.applicationPackages, className) || className.equals(DRILL)) {
			return FrameOwner.APPLICATION;
		}
		return isIn(FRAMEWORKS, className) ? FrameOwner.FRAMEWORK : FrameOwner.LIBRARY;
	}

	private static boolean isIn(List<String> prefixes, String className) {
		for (String prefix : prefixes) {
			if (className.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return a stack with the frames of frameworks folded that tell nothing: those inside
	 * of the first frame of the application or a library say how it blocks, and stay.
	 * @param stack the frames, innermost first
	 * @return a line for each frame or folded run of frames, innermost first
	 */
	public List<String> fold(StackTraceElement... stack) {
		List<String> lines = new ArrayList<>();
		int folded = 0;
		boolean inside = true;
		for (StackTraceElement frame : stack) {
			boolean framework = ownerOf(frame) == FrameOwner.FRAMEWORK;
			inside = inside && framework;
			if (framework && !inside) {
				folded++;
				continue;
			}
			addFold(lines, folded);
			folded = 0;
			lines.add(ReadableFrame.lineOf(frame));
		}
		addFold(lines, folded);
		return lines;
	}

	private static void addFold(List<String> lines, int folded) {
		if (folded > 0) {
			lines.add("... " + folded + ((folded == 1) ? " framework frame" : " framework frames"));
		}
	}

}
