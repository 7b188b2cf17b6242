package io.github.eventloop.stall;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.internal.stack.PackageNames;
import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * Reader that finds the culprit in a stack as a developer of the application would: looks
 * for a line of the application and skips framework frames. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class StackReader {

	/**
	 * The frameworks that process a request, and the platforms that they are built on.
	 * They eventually call the application or a library.
	 */
	private static final List<String> FRAMEWORKS = List.of("java", "javax", "jdk", "sun", "com.sun", "io.netty",
			"reactor", "org.reactivestreams", "org.springframework", "kotlin", "kotlinx", "io.micrometer.context",
			"io.micrometer.observation", "io.github.eventloop");

	/**
	 * Stalls a loop on purpose, so it is a culprit although it is part of this library.
	 */
	private static final String DRILL = "io.github.eventloop.stall.Drill";

	/**
	 * Classes generated at run time only delegate, even those in a package of the
	 * application: proxies of the JDK, Spring and Hibernate, and lambdas.
	 */
	private static final Pattern GENERATED = Pattern
		.compile("(?:\\$\\$(?:SpringCGLIB|EnhancerBy|FastClassBy|Lambda)|\\$Proxy\\d|\\$HibernateProxy\\$)");

	private static final int NO_MATCH = -1;

	/** Enough to show which JDK operation was called. */
	private static final int MAX_INNER_FRAMES = 10;

	private final List<String> applicationPackages;

	/**
	 * Create a reader.
	 * @param applicationPackages the packages of the application, including their
	 * subpackages; an empty name stands for the unnamed package
	 */
	public StackReader(Collection<String> applicationPackages) {
		this.applicationPackages = List.copyOf(applicationPackages);
	}

	/**
	 * Return the culprit in a stack: the innermost frame of the application or, if there
	 * is none, the innermost frame of a library.
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
	 * Return whether a culprit is known to be code of a library.
	 * @param culprit the culprit
	 * @return {@code false} if it is code of the application, or if the packages of the
	 * application are not known
	 */
	public boolean isOfLibrary(Culprit culprit) {
		return !this.applicationPackages.isEmpty() && ownerOf(
				new StackTraceElement(culprit.className(), culprit.methodName(), null, -1)) == FrameOwner.LIBRARY;
	}

	/**
	 * Return the owner of the code of a frame.
	 * @param frame the frame
	 * @return its owner
	 */
	public FrameOwner ownerOf(StackTraceElement frame) {
		String className = frame.getClassName();
		if (GENERATED.matcher(className).find()) {
			return FrameOwner.FRAMEWORK;
		}
		// The longer match decides: the application may be in "org", or in
		// "org.springframework.samples".
		int application = longestMatch(this.applicationPackages, className);
		int framework = longestMatch(FRAMEWORKS, className);
		if (application > framework || PackageNames.isWithin(DRILL, className)) {
			return FrameOwner.APPLICATION;
		}
		return (framework != NO_MATCH) ? FrameOwner.FRAMEWORK : FrameOwner.LIBRARY;
	}

	private static int longestMatch(List<String> packages, String className) {
		int longest = NO_MATCH;
		for (String name : packages) {
			if (PackageNames.isWithin(name, className)) {
				longest = Math.max(longest, name.length());
			}
		}
		return longest;
	}

	/**
	 * Return a stack with framework frames folded. The innermost ones are kept, because
	 * they show how the stack blocks.
	 * @param stack the frames, innermost first
	 * @return a line for each frame or folded run of frames, innermost first
	 */
	public List<String> fold(StackTraceElement... stack) {
		List<String> lines = new ArrayList<>();
		int folded = 0;
		int inner = MAX_INNER_FRAMES;
		for (StackTraceElement frame : stack) {
			boolean framework = ownerOf(frame) == FrameOwner.FRAMEWORK;
			inner = framework ? inner - 1 : 0;
			if (framework && inner < 0) {
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
