package io.github.eventloop.stall;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link ReadableFrame}. The names of Kotlin are those that its compiler gave
 * to sources, in versions 1.9 and 2.2.
 */
@SuppressWarnings("UnnecessaryLambda") // they are what is tested
class ReadableFrameTests {

	private static final String THIS = ReadableFrameTests.class.getName();

	private static final Supplier<StackTraceElement> IN_STATIC_INITIALIZER = () -> here();

	private final Supplier<StackTraceElement> inConstructor = () -> here();

	@Test
	void culpritOfMethodShouldBeItself() {
		assertThat(ReadableFrame.culpritOf(here())).satisfies((culprit) -> {
			assertThat(culprit.className()).isEqualTo(THIS);
			assertThat(culprit.methodName()).isEqualTo("culpritOfMethodShouldBeItself");
			assertThat(culprit.fileName()).isEqualTo("ReadableFrameTests.java");
			assertThat(culprit.lineNumber()).isPositive();
		});
	}

	@Test
	void culpritOfLambdaShouldNameItsMethod() {
		Supplier<StackTraceElement> lambda = () -> here();
		assertName(lambda.get(), THIS, "culpritOfLambdaShouldNameItsMethod (lambda)");
	}

	@Test
	void culpritOfLambdaInLambdaShouldNameItsMethod() {
		Supplier<Supplier<StackTraceElement>> lambda = () -> () -> here();
		assertName(lambda.get().get(), THIS, "culpritOfLambdaInLambdaShouldNameItsMethod (lambda)");
	}

	@Test
	void culpritOfLambdaInInitializersShouldNameThemAsStackTracesDo() {
		assertName(IN_STATIC_INITIALIZER.get(), THIS, "<clinit> (lambda)");
		assertName(this.inConstructor.get(), THIS, "<init> (lambda)");
	}

	@Test
	void culpritOfMethodReferenceShouldBeTheMethod() {
		Supplier<StackTraceElement> reference = ReadableFrameTests::referenced;
		assertName(reference.get(), THIS, "referenced");
	}

	@Test
	void culpritOfAnonymousAndInnerAndLocalClassAndRecordShouldKeepTheirNames() {
		Supplier<StackTraceElement> anonymous = new Supplier<>() {

			@Override
			public StackTraceElement get() {
				return here();
			}

		};
		record Local(int value) {

			StackTraceElement call() {
				return here();
			}

		}
		assertName(anonymous.get(), THIS + "$1", "get");
		assertName(new Local(1).call(), THIS + "$1Local", "call");
		assertName(new Inner(1).call(), THIS + "$Inner", "call");
		assertName(new Inner(1).lambda().get(), THIS + "$Inner", "lambda (lambda)");
		assertThatThrownBy(() -> new Inner(-1))
			.satisfies((failure) -> assertName(failure.getStackTrace()[0], THIS + "$Inner", "<init>"));
	}

	@Test
	void culpritOfStackOfStreamShouldNameEveryLambdaInIt() {
		List<String> names = new ArrayList<>();
		Stream.of(1).map((one) -> Thread.currentThread().getStackTrace()).flatMap(Stream::of).forEach((frame) -> {
			if (frame.getClassName().equals(THIS)) {
				names.add(ReadableFrame.culpritOf(frame).methodName());
			}
		});
		String method = "culpritOfStackOfStreamShouldNameEveryLambdaInIt";
		assertThat(names).startsWith(method + " (lambda)", method);
	}

	@ParameterizedTest
	@CsvSource({ "lambda$load$0, load (lambda)", "lambda$load$12, load (lambda)",
			"lambda$load$3f2a1b7c$1, load (lambda)", "lambda$null$0, lambda", "lambda$0, lambda",
			"lambda$static$0, <clinit> (lambda)", "lambda$new$1, <init> (lambda)", "access$000, access$000",
			"$deserializeLambda$, $deserializeLambda$", "lambda, lambda", "load_1, load_1", "<init>, <init>" })
	void culpritOfJavaMethodShouldBeReadable(String methodName, String expected) {
		assertName(new StackTraceElement("com.acme.Prices", methodName, "Prices.java", 1), "com.acme.Prices", expected);
	}

	@ParameterizedTest
	@CsvSource({ "Prices$$SpringCGLIB$$0, Prices", "Prices$$EnhancerBySpringCGLIB$$1a2b3c, Prices",
			"Prices$$Lambda/0x00007f1c2c0a1000, Prices", "Prices$$Lambda$14/0x0000000800c03200, Prices",
			"Prices$Inner$$Lambda/0x00007f1c2c0a1000, Prices$Inner", "Prices/0x0000000800c03200, Prices",
			"Prices$Inner$1, Prices$Inner$1", "Prices$1Local, Prices$1Local" })
	void culpritOfGeneratedClassShouldBeItsOrigin(String className, String expected) {
		assertName(new StackTraceElement(className, "load", null, -1), expected, "load");
	}

	@ParameterizedTest
	@CsvSource({
			// Lambdas, in methods of their own and (before Kotlin 2) in classes
			"Prices, load$lambda$5, Prices, load (lambda)", "Prices, load$lambda-0, Prices, load (lambda)",
			"Prices, nested$lambda$7$lambda$6, Prices, nested (lambda)",
			"Prices, localInLambda$lambda$10$inner$9, Prices, localInLambda (lambda)",
			"Prices, lz_delegate$lambda$0, Prices, lz (lambda)", "Prices, _init_$lambda$4, Prices, <init> (lambda)",
			"Prices$Companion, pf$lambda$0, Prices$Companion, pf (lambda)",
			"PricesKt, top$lambda$3, PricesKt, top (lambda)", "Prices$load$f$1, invoke, Prices, load (lambda)",
			"Prices$nested$f$1$g$1, invoke, Prices, nested (lambda)",
			"Prices$Inner$go$f$1, invoke, Prices$Inner, go (lambda)",
			"Prices$Companion$pf$f$1, invoke, Prices$Companion, pf (lambda)",
			"Prices$localInLambda$f$1, invoke$inner, Prices, localInLambda (lambda)",
			"Prices$lambdaInAnon$1, run$lambda$0, Prices$lambdaInAnon$1, run (lambda)",
			// Coroutines
			"PricesKt$main$1, invokeSuspend, PricesKt, main (coroutine)",
			"PricesKt$main$1$3$1, invokeSuspend, PricesKt, main (coroutine)",
			"Prices$ctx$2, invokeSuspend, Prices, ctx (coroutine)",
			"Prices$nestedCtx$2$1, invokeSuspend, Prices, nestedCtx (coroutine)",
			"Prices$Inner$goSus$2, invokeSuspend, Prices$Inner, goSus (coroutine)",
			"Prices$lambdaInCoroutine$2, invokeSuspend$lambda$0, Prices, lambdaInCoroutine (lambda)",
			"Prices$lambdaInCoroutine$2$f$1, invoke, Prices, lambdaInCoroutine (lambda)",
			"Prices$coroutineInLambda$f$1$1$1, invokeSuspend, Prices, coroutineInLambda (coroutine)",
			"Prices, sus, Prices, sus",
			// Flows and inlined lambdas
			"Prices$flow1$1, invokeSuspend, Prices, flow1 (coroutine)",
			"Prices$flow1$$inlined$map$1$2, emit, Prices, flow1 (lambda)",
			"PricesKt$main$1$1, emit, PricesKt, main (lambda)",
			"Prices$crossinl$$inlined$inl$1, run, Prices, crossinl (lambda)",
			// Ways to a method
			"Prices, access$priv, Prices, priv", "Prices, def$default, Prices, def",
			"Repo, find$suspendImpl, Repo, find", "Repo$DefaultImpls, find, Repo, find", "V, v-impl, V, v",
			"PricesKt, tv-86fKH0A, PricesKt, tv", "Prices, access$lsus$inner$13, Prices, lsus$inner$13",
			// As they are
			"Prices, with space, Prices, with space", "Prices$anon$1, run, Prices$anon$1, run",
			"Prices$Inner$1, invoke, Prices$Inner$1, invoke", "Prices$1, invoke, Prices$1, invoke" })
	void culpritOfKotlinShouldBeReadable(String className, String methodName, String expectedClass,
			String expectedMethod) {
		assertName(new StackTraceElement("com.acme." + className, methodName, "Prices.kt", 1),
				"com.acme." + expectedClass, expectedMethod);
	}

	@Test
	void culpritOfClassInUnnamedPackageShouldBeReadable() {
		assertName(new StackTraceElement("MainKt$main$1", "invokeSuspend", "Main.kt", 1), "MainKt", "main (coroutine)");
	}

	@Test
	void lineOfShouldLookLikeStackTrace() {
		assertThat(line("load", "Prices.java", 42)).isEqualTo("com.acme.Prices.load(Prices.java:42)");
		assertThat(line("lambda$load$0", "Prices.java", 42)).isEqualTo("com.acme.Prices.load (lambda)(Prices.java:42)");
		assertThat(line("load", "Prices.java", -1)).isEqualTo("com.acme.Prices.load(Prices.java)");
		assertThat(line("load", "Prices.java", 0)).isEqualTo("com.acme.Prices.load(Prices.java)");
		assertThat(line("load", null, -1)).isEqualTo("com.acme.Prices.load(Unknown Source)");
		assertThat(line("load", null, -2)).isEqualTo("com.acme.Prices.load(Native Method)");
	}

	@Test
	void culpritOfNativeOrUnknownSourceShouldHaveNoLine() {
		assertThat(ReadableFrame.culpritOf(new StackTraceElement("com.acme.Prices", "load", null, -2)))
			.isEqualTo(new Culprit("com.acme.Prices", "load", null, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r", "\t", "\0", "\u001b", "\u0085", "\u009b", "\u00ad", "\u200b", "\u200f",
			"\u202e", "\u2028", "\u2029", "\u2066", "\ufeff", "\ud800", "\ue000", "\uffff", ";" })
	void printableShouldReplaceWhatIsTakenForSomethingElse(String hostile) {
		assertThat(ReadableFrame.printable("a" + hostile + "b")).isEqualTo("a?b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "load", "with space", "größe", "価格", "\ud83d\ude00", "<init>", "a$b-c_d", "" })
	void printableShouldKeepNames(String name) {
		assertThat(ReadableFrame.printable(name)).isEqualTo(name);
	}

	@Test
	void printableShouldBeBounded() {
		assertThat(ReadableFrame.printable("a".repeat(300))).isEqualTo("a".repeat(300));
		assertThat(ReadableFrame.printable("a".repeat(65_535))).isEqualTo("a".repeat(300) + "...");
		assertThat(ReadableFrame.printable("a" + "\ud83d\ude00".repeat(300)))
			.isEqualTo("a" + "\ud83d\ude00".repeat(149) + "...");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "$", "$a", "$A", "A$", "$1", "$$", "lambda$", "$lambda$", "access$", "-", "\n", ";" })
	void lineOfHostileNamesShouldBeBoundedAndInOneLine(String part) {
		String hostile = "A" + part.repeat(65_534 / part.length());
		StackTraceElement frame = new StackTraceElement(hostile, hostile, hostile, 1);
		assertThat(ReadableFrame.lineOf(frame)).hasSizeLessThan(1000).hasLineCount(1).doesNotContain(";");
		StackTraceElement coroutine = new StackTraceElement(hostile + "$1", "invokeSuspend", hostile, 1);
		assertThat(ReadableFrame.lineOf(coroutine)).hasSizeLessThan(1000).hasLineCount(1).doesNotContain(";");
		StackTraceElement nativeFrame = new StackTraceElement(hostile, hostile, hostile, -2);
		assertThat(ReadableFrame.lineOf(nativeFrame)).hasSizeLessThan(1000).hasLineCount(1).endsWith("(Native Method)");
	}

	private static String line(String methodName, String fileName, int lineNumber) {
		return ReadableFrame.lineOf(new StackTraceElement("com.acme.Prices", methodName, fileName, lineNumber));
	}

	private static void assertName(StackTraceElement frame, String className, String methodName) {
		Culprit culprit = ReadableFrame.culpritOf(frame);
		assertThat(culprit.className()).isEqualTo(className);
		assertThat(culprit.methodName()).isEqualTo(methodName);
	}

	private static StackTraceElement referenced() {
		return here();
	}

	/** The frame that calls this. */
	private static StackTraceElement here() {
		return Thread.currentThread().getStackTrace()[2];
	}

	private record Inner(int value) {

		Inner {
			if (value < 0) {
				throw new IllegalArgumentException("negative");
			}
		}

		StackTraceElement call() {
			return here();
		}

		Supplier<StackTraceElement> lambda() {
			return () -> here();
		}

	}

}
