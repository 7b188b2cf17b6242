package io.github.eventloop.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A Linux control group that limits the CPU time of its processes, as the CPU limit of a
 * container does. {@link #close()} removes the group, for which the processes have to
 * have ended. Not thread-safe.
 */
public final class CpuQuota implements AutoCloseable {

	private static final long PERIOD_MICROS = 100_000;

	/** The second path is the mount point of control groups version 2. */
	private static final List<Path> ROOTS = List.of(Path.of("/sys/fs/cgroup/cpu"), Path.of("/sys/fs/cgroup"));

	private static final String THROTTLED = "nr_throttled ";

	private static final Duration GRACE = Duration.ofSeconds(10);

	private final Path group;

	private CpuQuota(Path group) {
		this.group = group;
	}

	/**
	 * Create a group without a limit.
	 * @return the group, or empty where control groups cannot be written
	 */
	public static Optional<CpuQuota> create() {
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

	/**
	 * Limit the group from now on.
	 * @param cpus the number of CPUs that its processes may use together, such as 0.5
	 */
	public void limit(double cpus) {
		long micros = Math.round(cpus * PERIOD_MICROS);
		try {
			if (Files.exists(versionOne())) {
				Files.writeString(versionOne(), Long.toString(micros));
			}
			else {
				Files.writeString(versionTwo(), micros + " " + PERIOD_MICROS);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not limit " + this.group, ex);
		}
	}

	/**
	 * Return the number of periods in which the processes were throttled because they had
	 * used up their quota.
	 * @return the number since the group was created
	 */
	public long throttledPeriods() {
		try {
			return Files.readAllLines(this.group.resolve("cpu.stat"))
				.stream()
				.filter((line) -> line.startsWith(THROTTLED))
				.mapToLong((line) -> Long.parseLong(line.substring(THROTTLED.length())))
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not read the statistics of " + this.group, ex);
		}
	}

	/**
	 * Return the prefix of a command that runs in the group from its start.
	 * @return the beginning of the command
	 */
	public List<String> prefix() {
		return List.of("sh", "-c", "echo $$ > \"$0\"/cgroup.procs && exec \"$@\"", this.group.toString());
	}

	private Path versionOne() {
		return this.group.resolve("cpu.cfs_quota_us");
	}

	private Path versionTwo() {
		return this.group.resolve("cpu.max");
	}

	@Override
	public void close() {
		long end = System.nanoTime() + GRACE.toNanos();
		while (true) {
			try {
				Files.deleteIfExists(this.group);
				return;
			}
			catch (IOException ex) {
				// A process leaves its group shortly after it has ended.
				if (System.nanoTime() > end) {
					throw new UncheckedIOException("Could not delete " + this.group, ex);
				}
				Pause.of(Duration.ofMillis(50));
			}
		}
	}

}
