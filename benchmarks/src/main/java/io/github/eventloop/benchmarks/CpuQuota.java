package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.awaitility.Awaitility;

/**
 * A Linux control group that limits the CPU time of its processes, as the CPU limit of a
 * container does. {@link #close()} removes the group, for which the processes have to
 * have ended. Not thread-safe.
 */
final class CpuQuota implements AutoCloseable {

	/** The CPUs that the processes of a limited group may use together. */
	static final double CPUS = 0.5;

	private static final long PERIOD_MICROS = 100_000;

	/** The second path is the mount point of control groups version 2. */
	private static final List<Path> ROOTS = List.of(Path.of("/sys/fs/cgroup/cpu"), Path.of("/sys/fs/cgroup"));

	private static final String THROTTLED = "nr_throttled ";

	private final Path group;

	private CpuQuota(Path group) {
		this.group = group;
	}

	/** Create a group without a limit, if control groups can be written. */
	static Optional<CpuQuota> create() {
		for (Path root : ROOTS) {
			Path group = root.resolve("eventloop-" + ProcessHandle.current().pid());
			try {
				Files.createDirectory(group);
				CpuQuota quota = new CpuQuota(group);
				if (Files.isWritable(quota.versionOne()) || Files.isWritable(quota.versionTwo())) {
					return Optional.of(quota);
				}
				Files.delete(group);
			}
			catch (IOException ex) {
				// Not mounted, or not writable.
			}
		}
		return Optional.empty();
	}

	/** Limit the group from now on. */
	void limit() throws IOException {
		long micros = Math.round(CPUS * PERIOD_MICROS);
		if (Files.exists(versionOne())) {
			Files.writeString(versionOne(), Long.toString(micros));
		}
		else {
			Files.writeString(versionTwo(), micros + " " + PERIOD_MICROS);
		}
	}

	/** Return the number of periods in which the processes had used up their quota. */
	long throttledPeriods() throws IOException {
		return Files.readAllLines(this.group.resolve("cpu.stat"))
			.stream()
			.filter((line) -> line.startsWith(THROTTLED))
			.mapToLong((line) -> Long.parseLong(line.substring(THROTTLED.length())))
			.findFirst()
			.orElseThrow();
	}

	/** Return the prefix of a command that runs in the group from its start. */
	List<String> prefix() {
		return List.of("sh", "-c", "echo $$ > \"$0\"/cgroup.procs && exec \"$@\"", this.group.toString());
	}

	private Path versionOne() {
		return this.group.resolve("cpu.cfs_quota_us");
	}

	private Path versionTwo() {
		return this.group.resolve("cpu.max");
	}

	/** A process leaves its group shortly after it has ended. */
	@Override
	public void close() {
		Awaitility.await("deletion of " + this.group)
			.ignoreExceptionsInstanceOf(IOException.class)
			.until(() -> Files.deleteIfExists(this.group));
	}

}
