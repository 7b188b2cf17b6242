package io.github.eventloop.stall;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Names the code of a frame as it is called in the source: compilers put lambdas and
 * coroutines into methods and classes with names of their own.
 */
final class ReadableFrame {

	/** Java's {@code lambda$load$3}, Kotlin's {@code load$lambda$3}. */
	private static final Pattern LAMBDA_METHOD = Pattern.compile("lambda\\$(.+)\\$\\d+|(.+?)\\$lambda(?:[$-].*)?");

	/** Kotlin's class for a lambda or coroutine in a method: {@code Prices$load$2}. */
	private static final Pattern METHOD_CLASS = Pattern.compile("([^$]+)\\$(\\w+)(?:\\$.*)?\\$\\d+");

	/** What proxies and lambdas add to the name of a class. */
	private static final Pattern GENERATED_SUFFIX = Pattern.compile("\\$\\$.*");

	/** Names come from class files, which may hold anything. */
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]");

	private static final int LONGEST_NAME = 300;

	private ReadableFrame() {
	}

	static Culprit culpritOf(StackTraceElement frame) {
		String className = GENERATED_SUFFIX.matcher(frame.getClassName()).replaceFirst("");
		String methodName = frame.getMethodName();
		Matcher lambda = LAMBDA_METHOD.matcher(methodName);
		Matcher methodClass = METHOD_CLASS.matcher(className);
		if (lambda.matches()) {
			methodName = ((lambda.group(1) != null) ? lambda.group(1) : lambda.group(2)) + " (lambda)";
		}
		else if (methodName.equals("invokeSuspend") && methodClass.matches()) {
			className = methodClass.group(1);
			methodName = methodClass.group(2) + " (coroutine)";
		}
		else if (methodName.equals("invoke") && methodClass.matches()) {
			className = methodClass.group(1);
			methodName = methodClass.group(2) + " (lambda)";
		}
		String fileName = frame.getFileName();
		return new Culprit(printable(className), printable(methodName), (fileName != null) ? printable(fileName) : null,
				lineOf(frame.getLineNumber()));
	}

	/** The compiler gives no line to what it made up itself. */
	private static @Nullable Integer lineOf(int lineNumber) {
		return (lineNumber > 0) ? Integer.valueOf(lineNumber) : null;
	}

	/** As a stack trace shows it. */
	static String lineOf(StackTraceElement frame) {
		return frame.isNativeMethod()
				? printable(frame.getClassName() + "." + frame.getMethodName()) + "(Native Method)"
				: culpritOf(frame).toString();
	}

	/**
	 * Make a name fit to be printed: in one line, of bounded length.
	 * @param name the name of a class, method, file or thread
	 * @return the name without what a log or a page could take for something else
	 */
	static String printable(String name) {
		String printable = UNPRINTABLE.matcher(name).replaceAll("?");
		return (printable.length() <= LONGEST_NAME) ? printable : printable.substring(0, LONGEST_NAME) + "...";
	}

}
