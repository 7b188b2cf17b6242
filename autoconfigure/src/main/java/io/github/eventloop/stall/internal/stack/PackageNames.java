package io.github.eventloop.stall.internal.stack;

import java.util.List;

/**
 * Comparison of the names of packages, classes and methods.
 */
public final class PackageNames {

	/** The packages of the JDK, which show an operation but not its purpose. */
	private static final List<String> JDK = List.of("java", "javax", "jdk", "sun", "com.sun");

	private PackageNames() {
	}

	/**
	 * Return whether a class belongs to the JDK.
	 * @param className the name of the class
	 * @return whether it does
	 */
	public static boolean isJdk(String className) {
		return JDK.stream().anyMatch((name) -> isWithin(name, className));
	}

	/**
	 * Return whether a package, class or method is the same as another one, or within it.
	 * @param outer the full name of a package, class or method; empty for the unnamed
	 * package, which has no subpackages
	 * @param name the full name that may be within it
	 * @return whether it is
	 */
	public static boolean isWithin(String outer, String name) {
		if (outer.isEmpty()) {
			return name.indexOf('.') < 0;
		}
		if (!name.startsWith(outer)) {
			return false;
		}
		return name.length() == outer.length() || name.charAt(outer.length()) == '.'
				|| name.charAt(outer.length()) == '$';
	}

}
