package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link CaptureFiles}.
 */
class CaptureFilesTests {

	private static final Instant START = Instant.parse("2026-12-01T01:02:03.456Z");

	@TempDir
	private Path parent;

	@Test
	void shouldListWhatWasWritten() throws IOException {
		CaptureFiles files = files(CaptureFiles.MAX_BYTES);
		assertThat(files.list()).isEmpty();
		Path file = write(files, START, CaptureTrigger.STUCK, 7);
		assertThat(file).isNotNull().hasSize(7);
		assertThat(files.list()).singleElement().satisfies((listed) -> {
			assertThat(listed.name()).isEqualTo(file.getFileName().toString())
				.matches("eventloop-20261201T010203456Z-\\d+-stuck\\.jfr");
			assertThat(listed.time()).isEqualTo(START);
			assertThat(listed.trigger()).isEqualTo(CaptureTrigger.STUCK);
			assertThat(listed.bytes()).isEqualTo(7);
		});
		assertThat(files.find(file.getFileName().toString()))
			.hasValueSatisfying((found) -> assertThat(found).hasSize(7));
		assertThat(file.getParent()).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.part");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
	}

	@Test
	void shouldKeepTheNewestFiles() throws IOException {
		CaptureFiles files = files(CaptureFiles.MAX_BYTES);
		for (int i = 0; i < CaptureFiles.MAX_FILES + 2; i++) {
			assertThat(write(files, at(i), CaptureTrigger.STALL, 1)).isNotNull();
		}
		assertThat(files.list()).extracting(CaptureFile::time)
			.hasSize(CaptureFiles.MAX_FILES)
			.startsWith(at(CaptureFiles.MAX_FILES + 1))
			.endsWith(at(2));
	}

	@Test
	void whenBytesExceedBoundShouldDeleteTheOldestFiles() throws IOException {
		CaptureFiles files = files(1000);
		write(files, at(0), CaptureTrigger.STALL, 400);
		write(files, at(1), CaptureTrigger.STALL, 400);
		write(files, at(2), CaptureTrigger.STALL, 500);
		assertThat(files.list()).extracting(CaptureFile::time).containsExactly(at(2), at(1));
	}

	@Test
	void shouldOnlyDeleteItsOwnFiles() throws IOException {
		CaptureFiles files = files(100);
		write(files, at(0), CaptureTrigger.STALL, 10);
		Path directory = this.parent.resolve("captures");
		Path other = Files.write(directory.resolve("other.jfr"), new byte[200]);
		Path similar = Files.write(directory.resolve("eventloop-1-stuck.jfr"), new byte[200]);
		Path abandoned = Files.write(directory.resolve("eventloop-1.part"), new byte[200]);
		Path unfinished = Files.write(directory.resolve("eventloop-2.part"), new byte[200]);
		Files.setLastModifiedTime(abandoned, FileTime.from(at(1).minus(Duration.ofHours(2))));
		Files.setLastModifiedTime(unfinished, FileTime.from(at(1)));
		write(files, at(1), CaptureTrigger.STALL, 99);
		assertThat(files.list()).extracting(CaptureFile::time).containsExactly(at(1));
		assertThat(other).exists();
		assertThat(similar).exists();
		assertThat(unfinished).exists();
		assertThat(abandoned).doesNotExist();
	}

	@Test
	void whenThereIsARecentFileShouldNotWriteAnother() throws IOException {
		CaptureFiles files = files(CaptureFiles.MAX_BYTES);
		write(files, START, CaptureTrigger.STALL, 1);
		CaptureFiles ofOtherContext = files(CaptureFiles.MAX_BYTES);
		Instant soon = START.plus(CaptureFiles.INTERVAL).minusMillis(1);
		assertThat(write(ofOtherContext, soon, CaptureTrigger.STUCK, 1)).isNull();
		assertThat(write(ofOtherContext, START.plus(CaptureFiles.INTERVAL), CaptureTrigger.STUCK, 1)).isNotNull();
		assertThat(files.list()).hasSize(2);
	}

	@Test
	void whenThereIsOneOfALaterTriggerShouldNotWriteAnother() throws IOException {
		CaptureFiles files = files(CaptureFiles.MAX_BYTES);
		write(files, START, CaptureTrigger.STALL, 1);
		assertThat(write(files, START.minusMillis(34), CaptureTrigger.STALL, 1)).isNull();
	}

	@Test
	void whenClockWasSetBackShouldWrite() throws IOException {
		CaptureFiles files = files(CaptureFiles.MAX_BYTES);
		write(files, START, CaptureTrigger.STALL, 1);
		assertThat(write(files, START.minus(CaptureFiles.INTERVAL), CaptureTrigger.STALL, 1)).isNotNull();
	}

	@Test
	void whenThereIsTooLittleSpaceShouldNotCallWriter() {
		CaptureFiles files = new CaptureFiles(this.parent, CaptureFiles.MAX_BYTES, Long.MAX_VALUE);
		assertThatIOException().isThrownBy(() -> files.write(START, CaptureTrigger.STALL, (file) -> {
			throw new IllegalStateException("called");
		})).withMessageContaining("bytes are free in " + this.parent);
		assertThat(this.parent).isEmptyDirectory();
	}

	@Test
	void whenWriterFailsShouldLeaveNothing() {
		CaptureFiles files = files(CaptureFiles.MAX_BYTES);
		assertThatIllegalStateException().isThrownBy(() -> files.write(START, CaptureTrigger.STALL, (file) -> {
			Files.write(file, new byte[10]);
			throw new IllegalStateException("failed");
		}));
		assertThat(this.parent.resolve("captures")).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(strings = { "../secret.jfr", "..", "", "/etc/passwd", "secret.jfr", "link", "a\0b",
			"eventloop-20261201T010203456Z-1-stuck.jfr", "eventloop-20261301T010203456Z-1-stuck.jfr" })
	void whenNameIsNotListedShouldNotRead(String name) throws IOException {
		Path directory = Files.createDirectories(this.parent.resolve("captures"));
		Path secret = Files.writeString(this.parent.resolve("secret.jfr"), "secret");
		Files.writeString(directory.resolve("secret.jfr"), "secret");
		Files.writeString(directory.resolve("eventloop-20261301T010203456Z-1-stuck.jfr"), "not a time");
		Files.createSymbolicLink(directory.resolve("eventloop-20261201T010203456Z-1-stuck.jfr"), secret);
		assertThat(files(CaptureFiles.MAX_BYTES).find(name)).isEmpty();
	}

	private CaptureFiles files(long maxBytes) {
		return new CaptureFiles(this.parent.resolve("captures"), maxBytes, 0);
	}

	private static Instant at(int index) {
		return START.plus(CaptureFiles.INTERVAL.multipliedBy(index));
	}

	private static Path write(CaptureFiles files, Instant time, CaptureTrigger trigger, int bytes) throws IOException {
		return files.write(time, trigger, (file) -> Files.write(file, new byte[bytes]));
	}

}
