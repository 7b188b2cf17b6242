package io.github.eventloop.stall;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StackReader}.
 */
class StackReaderTests {

	private static final String DRILL = "io.github.eventloop.stall.Drill";

	private final StackReader reader = new StackReader(List.of("com.acme", "org.springframework.samples"));

	@Test
	void culpritOfShouldPreferInnermostFrameOfApplication() {
		assertThat(this.reader.culpritOf(stack("java.lang.Thread.sleep:450", "com.lib.Retry.pause:9",
				"com.acme.Prices.load:42", "com.acme.Shop.show:7", "io.netty.Loop.run:1")))
			.isEqualTo(new Culprit("com.acme.Prices", "load", "Prices.java", 42));
	}

	@Test
	void culpritOfWithoutApplicationShouldBeInnermostFrameOfLibrary() {
		assertThat(this.reader.culpritOf(stack("java.net.Socket.read:1", "com.lib.Wire.read:9", "com.lib.Client.get:3",
				"reactor.core.publisher.MonoMap.onNext:2")))
			.isEqualTo(new Culprit("com.lib.Wire", "read", "Wire.java", 9));
	}

	@Test
	void culpritOfFrameworksAloneShouldBeNull() {
		assertThat(this.reader.culpritOf(stack("java.lang.Thread.sleep:1", "javax.crypto.Mac.update:1",
				"jdk.internal.misc.Unsafe.park:1", "sun.nio.ch.Net.poll:1", "com.sun.proxy.Some.call:1",
				"io.netty.channel.Loop.run:1", "reactor.core.Mono.subscribe:1", "org.reactivestreams.Some.on:1",
				"org.springframework.web.Some.handle:1", "kotlin.coroutines.Some.resume:1",
				"kotlinx.coroutines.Some.run:1", "io.micrometer.context.Some.wrap:1",
				"io.micrometer.observation.Some.observe:1", "io.github.eventloop.netty.Loop.run:1")))
			.isNull();
		assertThat(this.reader.culpritOf()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acme.Shop", "com.acme.prices.Prices", "com.acme.Shop$Inner",
			"org.springframework.samples.Petclinic", "org.springframework.samples.owner.Owner" })
	void ownerOfClassInAndBelowApplicationPackageShouldBeApplication(String className) {
		assertThat(this.reader.ownerOf(frame(className))).isEqualTo(FrameOwner.APPLICATION);
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acmex.Shop", "com.acm.Shop", "com.Shop", "javassist.Loader", "io.nettyx.Loop",
			"reactorx.Loop", "kotlinextra.Loop", "sunny.Day", "Main", "io.micrometer.core.Registry" })
	void ownerOfSimilarNameShouldBeLibrary(String className) {
		assertThat(this.reader.ownerOf(frame(className))).isEqualTo(FrameOwner.LIBRARY);
	}

	@Test
	void ownerOfFrameworkBesideApplicationShouldBeFramework() {
		assertThat(this.reader.ownerOf(frame("org.springframework.samplesx.Some"))).isEqualTo(FrameOwner.FRAMEWORK);
		assertThat(new StackReader(List.of("io.github.eventloop.sample"))
			.ownerOf(frame("io.github.eventloop.samples.Some"))).isEqualTo(FrameOwner.FRAMEWORK);
	}

	@Test
	void ownerOfApplicationBelowThisLibraryShouldBeApplication() {
		assertThat(new StackReader(List.of("io.github.eventloop.sample"))
			.ownerOf(frame("io.github.eventloop.sample.offenders.SleepController"))).isEqualTo(FrameOwner.APPLICATION);
	}

	@Test
	void ownerOfFrameworkBelowApplicationPackageShouldBeFramework() {
		StackReader wide = new StackReader(List.of("org", "com"));
		assertThat(wide.ownerOf(frame("org.springframework.web.Some"))).isEqualTo(FrameOwner.FRAMEWORK);
		assertThat(wide.ownerOf(frame("com.sun.crypto.Some"))).isEqualTo(FrameOwner.FRAMEWORK);
		assertThat(wide.ownerOf(frame("org.acme.Shop"))).isEqualTo(FrameOwner.APPLICATION);
	}

	@Test
	void ownerOfUnnamedPackageShouldBeApplicationIfConfigured() {
		StackReader unnamed = new StackReader(List.of(""));
		assertThat(unnamed.ownerOf(frame("Main"))).isEqualTo(FrameOwner.APPLICATION);
		assertThat(unnamed.ownerOf(frame("Main$Inner"))).isEqualTo(FrameOwner.APPLICATION);
		assertThat(unnamed.ownerOf(frame("com.lib.Wire"))).isEqualTo(FrameOwner.LIBRARY);
		assertThat(unnamed.ownerOf(frame("java.lang.Thread"))).isEqualTo(FrameOwner.FRAMEWORK);
	}

	@Test
	void ownerOfWithoutApplicationPackagesShouldBeLibraryOrFramework() {
		StackReader none = new StackReader(List.of());
		assertThat(none.ownerOf(frame("com.acme.Shop"))).isEqualTo(FrameOwner.LIBRARY);
		assertThat(none.ownerOf(frame("reactor.core.Mono"))).isEqualTo(FrameOwner.FRAMEWORK);
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.acme.Prices$$SpringCGLIB$$0", "com.acme.Prices$$EnhancerBySpringCGLIB$$1a2b",
			"com.acme.Prices$$FastClassBySpringCGLIB$$1a2b", "com.acme.$Proxy12", "jdk.proxy2.$Proxy12",
			"com.acme.Prices$HibernateProxy$x1", "com.acme.Prices$$Lambda/0x00007f1c2c0a1000",
			"com.acme.Prices$$Lambda$14/0x0000000800c03200" })
	void ownerOfGeneratedClassShouldBeFramework(String className) {
		assertThat(this.reader.ownerOf(frame(className))).isEqualTo(FrameOwner.FRAMEWORK);
	}

	@Test
	void culpritOfBlockedProxyShouldBeTheLineThatCalledIt() {
		assertThat(this.reader.culpritOf(stack("com.zaxxer.hikari.HikariPool.getConnection:1",
				"org.springframework.transaction.Interceptor.invoke:1", "com.acme.Prices$$SpringCGLIB$$0.load:-1",
				"com.acme.Shop.show:7")))
			.isEqualTo(new Culprit("com.acme.Shop", "show", "Shop.java", 7));
	}

	@Test
	void culpritOfDrillShouldBeTheDrill() {
		assertThat(this.reader
			.culpritOf(stack("java.lang.Thread.sleep:1", DRILL + ".run:60", "io.github.eventloop.netty.Task.run:9")))
			.hasFieldOrPropertyWithValue("className", DRILL);
		assertThat(this.reader.ownerOf(frame(DRILL + "$Kind"))).isEqualTo(FrameOwner.APPLICATION);
		assertThat(this.reader.ownerOf(frame(DRILL + "Other"))).isEqualTo(FrameOwner.FRAMEWORK);
	}

	@Test
	void foldShouldKeepFramesInsideFirstNonFrameworkFrame() {
		assertThat(this.reader.fold(stack("jdk.internal.misc.Unsafe.park:-2", "java.util.concurrent.Future.get:5",
				"com.acme.Prices.load:42", "reactor.core.MonoMap.onNext:1", "com.acme.Shop.show:7",
				"reactor.core.MonoMap.onNext:1", "org.springframework.web.Some.handle:2", "io.netty.Loop.run:3")))
			.containsExactly("jdk.internal.misc.Unsafe.park(Native Method)",
					"java.util.concurrent.Future.get(Future.java:5)", "com.acme.Prices.load(Prices.java:42)",
					"... 1 framework frame", "com.acme.Shop.show(Shop.java:7)", "... 3 framework frames");
	}

	@Test
	void foldOfFrameworksAloneShouldKeepThem() {
		assertThat(this.reader.fold(stack("java.lang.Thread.sleep:1", "io.netty.Loop.run:3")))
			.containsExactly("java.lang.Thread.sleep(Thread.java:1)", "io.netty.Loop.run(Loop.java:3)");
		assertThat(this.reader.fold()).isEmpty();
	}

	@Test
	void foldOfManyFrameworksShouldKeepTheInnermost() {
		StackTraceElement[] stack = new StackTraceElement[30];
		Arrays.setAll(stack, (i) -> new StackTraceElement("reactor.core.Flux", "call" + i, "Flux.java", 1));
		assertThat(this.reader.fold(stack)).hasSize(11)
			.startsWith("reactor.core.Flux.call0(Flux.java:1)")
			.endsWith("reactor.core.Flux.call9(Flux.java:1)", "... 20 framework frames");
	}

	@Test
	void foldShouldKeepLibraryFramesAndEndWithThemIfOutermost() {
		assertThat(this.reader.fold(stack("com.lib.Wire.read:9", "java.lang.Thread.run:1", "com.lib.Client.get:3")))
			.containsExactly("com.lib.Wire.read(Wire.java:9)", "... 1 framework frame",
					"com.lib.Client.get(Client.java:3)");
	}

	private static StackTraceElement frame(String className) {
		return new StackTraceElement(className, "call", null, -1);
	}

	private static StackTraceElement[] stack(String... frames) {
		return Stream.of(frames).map(StackReaderTests::parse).toArray(StackTraceElement[]::new);
	}

	private static StackTraceElement parse(String frame) {
		int colon = frame.lastIndexOf(':');
		int dot = frame.lastIndexOf('.', colon);
		String className = frame.substring(0, dot);
		String simpleName = className.substring(className.lastIndexOf('.') + 1);
		return new StackTraceElement(className, frame.substring(dot + 1, colon), simpleName + ".java",
				Integer.parseInt(frame.substring(colon + 1)));
	}

}
