package io.github.eventloop.blocking;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BlockHoundBlockingDetector}, with real loops in JVMs of their own:
 * BlockHound stays installed for as long as a JVM lives.
 */
@Tag("slow")
class BlockHoundBlockingDetectorTests {

	private static final String DETECTOR = "--eventloop.blocking.detector=blockhound";

	private static final String FLAG = "-XX:+AllowRedefinitionToAddDeleteMethods";

	private static final Set<Offender> UNSEEN = EnumSet.of(Offender.LOCK, Offender.NIO_READ, Offender.NIO_WRITE);

	@TempDir
	private Path directory;

	/** For where nothing is going to be seen. */
	private static final String IMPATIENT = "-Dpatience=100";

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void shouldNameKindAndLineOfEachOffenceAndStopNone(int jdk) throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(jdk), this.directory, (jar) -> true, FLAG,
				DETECTOR);
		assertThat(forked.warnings()).isEmpty();
		assertThat(forked.offences()).hasSize(Offender.values().length)
			.filteredOn((offence) -> !UNSEEN.contains(offence.offender()))
			.allSatisfy((offence) -> assertThat(forked.seen(offence.offender()))
				.as("%s in:%n%s", offence.offender(), forked.output())
				.anySatisfy((seen) -> {
					assertThat(seen.kind()).isEqualTo(offence.offender().kind);
					assertThat(seen.line()).isEqualTo(offence.line());
					assertThat(seen.length()).isZero();
				}));
		assertThat(forked.innocents()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 17, 25 })
	void whenFlagIsMissingShouldSaySoAndLetTheApplicationGoOn(int jdk) throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(jdk), this.directory, (jar) -> true, IMPATIENT,
				DETECTOR);
		assertThat(forked.detects()).isFalse();
		assertThat(forked.offences()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement().asString().contains(FLAG, "eventloop.blocking.detector=none");
	}

	@Test
	void whenBlockHoundIsMissingShouldSaySoAndLetTheApplicationGoOn() throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(17), this.directory,
				(jar) -> !jar.contains("blockhound"), FLAG, IMPATIENT, DETECTOR);
		assertThat(forked.detects()).isFalse();
		assertThat(forked.offences()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("io.projectreactor.tools:blockhound", "eventloop.blocking.detector=none");
	}

	@Test
	void whenSomethingElseInstalledBlockHoundShouldSaySo() throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(17), this.directory, (jar) -> true, FLAG,
				"-Dfirst=other", IMPATIENT, DETECTOR);
		assertThat(forked.seen()).isEmpty();
		assertThat(forked.offences()).hasSize(Offender.values().length);
		assertThat(forked.warnings()).singleElement()
			.asString()
			.contains("installed by something else", "BlockHound.install()");
	}

	@Test
	void whenThereAreSeveralContextsShouldServeAll() throws Exception {
		ForkedOffenders forked = ForkedOffenders.run(ForkedOffenders.jdk(17), this.directory, (jar) -> true, FLAG,
				"-Dfirst=context", DETECTOR);
		assertThat(forked.warnings()).isEmpty();
		assertThat(forked.seen(Offender.SLEEP)).isNotEmpty();
		assertThat(forked.output()).contains("OTHER true");
	}

}
