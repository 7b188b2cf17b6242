package io.github.eventloop.stall;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Names the code of a frame as it is called in the source: compilers put lambdas and
 * coroutines into methods and classes with names of their own.
 */
final class ReadableFrame {

	/**
	 * Java's {@code lambda$load$3}, with a hash if it is serializable; without a name
	 * from the Eclipse compiler, and from Java 8 where it is in another lambda.
	 */
	private static final Pattern JAVA_LAMBDA = Pattern.compile("lambda(?:\\$(.+?))??(?:\\$[0-9a-f]{5,8})?\\$\\d+");

	/** Kotlin's {@code load$lambda$3}, before 1.8 {@code load$lambda-3}. */
	private static final Pattern KOTLIN_LAMBDA = Pattern.compile("(.+?)(?:_delegate)?\\$lambda[$-].*");

	/**
	 * Kotlin's class for a lambda or coroutine in a method: {@code Prices$load$2}.
	 * Classes begin with a capital, methods do not.
	 */
	private static final Pattern METHOD_CLASS = Pattern
		.compile("([^$]+(?:\\$\\p{Lu}[^$]*)*)\\$([^$\\d\\p{Lu}][^$]*)\\$(?:.*\\$)?\\d+");

	/** What Kotlin calls its lambdas and coroutines by, and its collectors of flows. */
	private static final Pattern LAMBDA_BODY = Pattern.compile("(?:invokeSuspend|invoke|emit|collect)(?:\\$.*)?");

	/** Ways of Kotlin to a method: those around it, and those of inline classes. */
	private static final Pattern KOTLIN_METHOD = Pattern
		.compile("(?:access\\$)?(\\p{L}.*?)(?:\\$default|\\$suspendImpl|-impl|-[\\w-]{7})?");

	/**
	 * What proxies and lambdas add to the name of a class, and Kotlin to an interface.
	 */
	private static final Pattern GENERATED_SUFFIX = Pattern
		.compile("\\$\\$(?:SpringCGLIB|EnhancerBy|FastClassBy|Lambda).*|/.*|\\$DefaultImpls$");

	/**
	 * Names come from class files, which may hold anything: what moves the cursor,
	 * changes the direction of the text or is no character at all, and what separates the
	 * frames of a collapsed stack.
	 */
	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp};]");

	private static final int LONGEST_NAME = 300;

	private ReadableFrame() {
	}

	static Culprit culpritOf(StackTraceElement frame) {
		// Before the patterns, which need short names.
		String className = GENERATED_SUFFIX.matcher(printable(frame.getClassName())).replaceFirst("");
		String methodName = printable(frame.getMethodName());
		Matcher methodClass = METHOD_CLASS.matcher(className);
		if ((LAMBDA_BODY.matcher(methodName).matches() || className.contains("$$inlined$")) && methodClass.matches()) {
			className = methodClass.group(1);
			methodName = methodClass.group(2) + (methodName.equals("invokeSuspend") ? " (coroutine)" : " (lambda)");
		}
		else {
			methodName = readable(methodName);
		}
		String fileName = frame.getFileName();
		return new Culprit(className, methodName, (fileName != null) ? printable(fileName) : null,
				lineOf(frame.getLineNumber()));
	}

	private static String readable(String methodName) {
		Matcher javaLambda = JAVA_LAMBDA.matcher(methodName);
		if (javaLambda.matches()) {
			return lambdaIn(javaLambda.group(1));
		}
		Matcher kotlinLambda = KOTLIN_LAMBDA.matcher(methodName);
		if (kotlinLambda.matches()) {
			return lambdaIn(kotlinLambda.group(1));
		}
		Matcher kotlinMethod = KOTLIN_METHOD.matcher(methodName);
		return kotlinMethod.matches() ? kotlinMethod.group(1) : methodName;
	}

	private static String lambdaIn(@Nullable String methodName) {
		if (methodName == null || methodName.equals("null")) {
			return "lambda";
		}
		return switch (methodName) {
			case "new", "_init_" -> "<init>";
			case "static", "_clinit_" -> "<clinit>";
			default -> methodName;
		} + " (lambda)";
	}

	/** The compiler gives no line to what it made up itself. */
	private static @Nullable Integer lineOf(int lineNumber) {
		return (lineNumber > 0) ? Integer.valueOf(lineNumber) : null;
	}

	/** As a stack trace shows it. */
	static String lineOf(StackTraceElement frame) {
		return frame.isNativeMethod()
				? printable(frame.getClassName()) + "." + printable(frame.getMethodName()) + "(Native Method)"
				: culpritOf(frame).toString();
	}

	/**
	 * Make a name fit to be printed: in one line, of bounded length.
	 * @param name the name of a class, method, file or thread
	 * @return the name without what a log or a page could take for something else
	 */
	static String printable(String name) {
		String bounded = name;
		if (name.length() > LONGEST_NAME) {
			int end = Character.isHighSurrogate(name.charAt(LONGEST_NAME - 1)) ? LONGEST_NAME - 1 : LONGEST_NAME;
			bounded = name.substring(0, end) + "...";
		}
		return UNPRINTABLE.matcher(bounded).replaceAll("?");
	}

}
