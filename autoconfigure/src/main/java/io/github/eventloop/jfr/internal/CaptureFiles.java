package io.github.eventloop.jfr.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The directory of captures, bounded in number and bytes. Contexts and processes may
 * share it. Only files whose name has the format of captures are listed, read and
 * deleted.
 * <p>
 * Thread-safe: the state is that of the file system.
 */
public final class CaptureFiles {

	static final int MAX_FILES = 5;

	static final long MAX_BYTES = 100L * 1024 * 1024;

	/** Shortest time between two captures. */
	static final Duration INTERVAL = Duration.ofMinutes(10);

	/** Much more than a recording takes. */
	private static final long MIN_FREE_BYTES = 100L * 1024 * 1024;

	private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

	private static final String PREFIX = "eventloop-";

	private static final String PART = ".part";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'")
		.withZone(ZoneOffset.UTC);

	private static final Pattern NAME = Pattern
		.compile(PREFIX + "(\\d{8}T\\d{9}Z)-\\d+-(stall|overloaded|stuck)\\.jfr");

	private final Path directory;

	private final long maxBytes;

	private final long minFreeBytes;

	/**
	 * Create a view of a directory, which does not have to exist.
	 * @param directory the directory
	 */
	public CaptureFiles(Path directory) {
		this(directory, MAX_BYTES, MIN_FREE_BYTES);
	}

	CaptureFiles(Path directory, long maxBytes, long minFreeBytes) {
		this.directory = directory.toAbsolutePath();
		this.maxBytes = maxBytes;
		this.minFreeBytes = minFreeBytes;
	}

	/**
	 * Return the captures.
	 * @return the captures, newest first; empty if the directory does not exist or cannot
	 * be read
	 */
	public List<CaptureFile> list() {
		try (Stream<Path> paths = Files.list(this.directory)) {
			return paths.flatMap((path) -> parse(path).stream())
				.sorted(Comparator.comparing(CaptureFile::time).thenComparing(CaptureFile::name).reversed())
				.toList();
		}
		catch (IOException | UncheckedIOException ex) {
			return List.of();
		}
	}

	private static Optional<CaptureFile> parse(Path path) {
		String name = path.getFileName().toString();
		Matcher matcher = NAME.matcher(name);
		if (!matcher.matches() || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
			return Optional.empty();
		}
		try {
			return Optional.of(new CaptureFile(name, TIME.parse(matcher.group(1), Instant::from),
					CaptureTrigger.of(matcher.group(2)), Files.size(path)));
		}
		catch (IOException | RuntimeException ex) {
			// Deleted in the meantime, or not a time.
			return Optional.empty();
		}
	}

	/**
	 * Return a capture.
	 * @param name the name of the capture
	 * @return its path, or empty if no capture that is listed has that name
	 */
	public Optional<Path> find(String name) {
		return list().stream().map(CaptureFile::name).filter(name::equals).map(this.directory::resolve).findAny();
	}

	/**
	 * Return whether there is a capture that is too close to another one. It may be the
	 * later of the two, as two contexts do not write in the order of their triggers.
	 * @param time the time of the other one
	 * @return whether less than ten minutes are between them
	 */
	boolean isTooSoon(Instant time) {
		return list().stream().anyMatch((file) -> Duration.between(file.time(), time).abs().compareTo(INTERVAL) < 0);
	}

	/**
	 * Write a capture, unless there is one that it must not follow yet, and delete the
	 * oldest captures that exceed the bounds. It becomes visible when it is complete. One
	 * at a time in this process, so that contexts that have the same trigger write one.
	 * @param time the time of the trigger
	 * @param trigger what causes it to be written
	 * @param writer writes the recording
	 * @return the file, or {@code null} if none was written
	 * @throws IOException if it could not be written
	 */
	@Nullable Path write(Instant time, CaptureTrigger trigger, Writer writer) throws IOException {
		synchronized (CaptureFiles.class) {
			if (isTooSoon(time)) {
				return null;
			}
			Files.createDirectories(this.directory);
			deleteAbandonedParts(time);
			requireSpace(this.directory);
			// The JVM exits if Flight Recorder fails to write its own temporary file.
			requireSpace(CaptureRecording.repository());
			Path file = this.directory.resolve(
					"%s%s-%d-%s.jfr".formatted(PREFIX, TIME.format(time), ProcessHandle.current().pid(), trigger.id()));
			// Only its owner can read a temporary file.
			Path part = Files.createTempFile(this.directory, PREFIX, PART);
			try {
				writer.write(part);
				Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
			}
			finally {
				Files.deleteIfExists(part);
			}
			deleteOldest();
			return file;
		}
	}

	private void requireSpace(Path path) throws IOException {
		long free = Files.getFileStore(path).getUsableSpace();
		if (free < this.minFreeBytes) {
			throw new IOException("Only " + free + " bytes are free in " + path + ", and " + this.minFreeBytes
					+ " are required to write a flight recording");
		}
	}

	/** Parts of processes that ended while they wrote a capture. */
	private void deleteAbandonedParts(Instant now) throws IOException {
		try (Stream<Path> paths = Files.list(this.directory)) {
			for (Path path : (Iterable<Path>) paths::iterator) {
				String name = path.getFileName().toString();
				if (name.startsWith(PREFIX) && name.endsWith(PART)
						&& Files.getLastModifiedTime(path).toInstant().plus(ABANDONED_AFTER).isBefore(now)) {
					Files.deleteIfExists(path);
				}
			}
		}
	}

	private void deleteOldest() throws IOException {
		int files = 0;
		long bytes = 0;
		for (CaptureFile file : list()) {
			files++;
			bytes += file.bytes();
			if (files > MAX_FILES || bytes > this.maxBytes) {
				Files.deleteIfExists(this.directory.resolve(file.name()));
			}
		}
	}

	@Override
	public String toString() {
		return this.directory.toString();
	}

	/**
	 * Writes a recording to a file.
	 */
	interface Writer {

		void write(Path file) throws IOException;

	}

}
