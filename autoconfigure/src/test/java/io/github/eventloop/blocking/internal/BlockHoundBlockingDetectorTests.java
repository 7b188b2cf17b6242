package io.github.eventloop.blocking.internal;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.blocking.ForkedOffenders;
import io.github.eventloop.blocking.Offender;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockHoundBlockingDetector}, with real event loops in separate JVMs,
 * because BlockHound stays installed for as long as a JVM lives.
 */
@Tag("slow")
class BlockHoundBlockingDetectorTests {

	private static final String DETECTOR = "--eventloop.blocking.detector=blockhound";

	private static final String FLAG = "-XX:+AllowRedefinitionToAddDeleteMethods";

	private static final Set<Offender> UNDETECTED = EnumSet.of(Offender.LOCK, Offender.NIO_READ, Offender.NIO_WRITE);

	@TempDir
	private Path directory;

	/** For detectors that do not start. */
	private static final String SHORT_TIMEOUT = "-Dtimeout=100";

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void shouldReportKindAndLineOfEachCallAndPreventNone(int jdk) throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(jdk), this.directory, (jar) -> true, FLAG,
				DETECTOR);
		assertThat(forked.warnings()).isEmpty();
		assertThat(forked.calls()).hasSize(Offender.values().length)
			.filteredOn((call) -> !UNDETECTED.contains(call.offender()))
			.allSatisfy((call) -> assertThat(forked.detected(call.offender()))
				.as("%s in:%n%s", call.offender(), forked.output())
				.anySatisfy((detected) -> {
					assertThat(detected.kind()).isEqualTo(call.offender().kind);
					assertThat(detected.line()).isEqualTo(call.line());
					assertThat(detected.length()).isZero();
				}));
		assertThat(forked.falsePositives()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void whenFlagIsMissingShouldWarnAndNotAffectApplication(int jdk) throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(jdk), this.directory, (jar) -> true,
				SHORT_TIMEOUT, DETECTOR);
		assertThat(forked.detects()).isFalse();
		assertThat(forked.calls()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement().asString().contains(FLAG, "eventloop.blocking.detector=none");
	}

	@Test
	void whenBlockHoundIsMissingShouldWarnAndNotAffectApplication() throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(17), this.directory,
				(jar) -> !jar.contains("blockhound"), FLAG, SHORT_TIMEOUT, DETECTOR);
		assertThat(forked.detects()).isFalse();
		assertThat(forked.calls()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("io.projectreactor.tools:blockhound", "eventloop.blocking.detector=none");
	}

	@Test
	void whenSomethingElseInstalledBlockHoundShouldWarn() throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(17), this.directory, (jar) -> true, FLAG,
				"-Dfirst=other", SHORT_TIMEOUT, DETECTOR);
		assertThat(forked.detected()).isEmpty();
		assertThat(forked.calls()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("installed by something else", "BlockHound.install()");
	}

	@Test
	void whenThereAreSeveralContextsShouldReportToAll() throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(17), this.directory, (jar) -> true, FLAG,
				"-Dfirst=context", DETECTOR);
		assertThat(forked.warnings()).isEmpty();
		assertThat(forked.detected(Offender.SLEEP)).isNotEmpty();
		assertThat(forked.output()).contains("OTHER true");
	}

}
