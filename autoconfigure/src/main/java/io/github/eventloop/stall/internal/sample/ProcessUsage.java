package io.github.eventloop.stall.internal.sample;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The CPU time of the process, the time that it was throttled by a CPU limit, and the
 * effort of class loading and compilation, all since an arbitrary instant.
 *
 * @param cpuNanos the CPU time of all threads, including those of the JVM; -1 if it is
 * not known
 * @param throttledNanos how long the control group was throttled, summed over the CPUs;
 * -1 if there is no control group with a limit
 * @param loadedClasses the number of classes loaded
 * @param compilationNanos the time that threads of the JVM spent compiling code
 */
public record ProcessUsage(long cpuNanos, long throttledNanos, long loadedClasses, long compilationNanos) {

	public static final ProcessUsage NOTHING = new ProcessUsage(-1, -1, 0, 0);

	/**
	 * Resolution of the CPU time of a process: the operating system counts it in ticks.
	 */
	public static final long TICK_NANOS = 10_000_000;

	/**
	 * Mount points of control groups of both versions in a container. Without those that
	 * do not exist, as looking for a file there once a second would cost more than
	 * reading one.
	 */
	private static final List<String> ROOTS = Stream
		.of("/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup")
		.filter((root) -> Files.isDirectory(Path.of(root)))
		.toList();

	/**
	 * Read the usage of this process.
	 * @return the current usage
	 */
	static ProcessUsage now() {
		return new ProcessUsage(cpuNow(), throttledNow(),
				ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount(), compilationNow());
	}

	private static long compilationNow() {
		CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
		return (compiler != null && compiler.isCompilationTimeMonitoringSupported())
				? TimeUnit.MILLISECONDS.toNanos(compiler.getTotalCompilationTime()) : 0;
	}

	private static long cpuNow() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)
				? system.getProcessCpuTime() : -1;
	}

	private static long throttledNow() {
		try {
			// Read every time: a process may be moved to another control group.
			for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
				String path = pathOf(line);
				for (String root : (path != null) ? ROOTS : List.<String>of()) {
					long nanos = throttled(Path.of(root + path, "cpu.stat"));
					// A container sees its own group as the root.
					nanos = (nanos >= 0) ? nanos : throttled(Path.of(root, "cpu.stat"));
					if (nanos >= 0) {
						return nanos;
					}
				}
			}
		}
		catch (IOException ex) {
			// Not Linux.
		}
		return -1;
	}

	private static long throttled(Path stat) {
		try {
			return parse(Files.readString(stat, StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * Return the path of the control group that limits CPU time.
	 * @param line a line of {@code /proc/self/cgroup}: number, controllers, path
	 * @return the path, or {@code null} if the line is about other controllers
	 */
	public static @Nullable String pathOf(String line) {
		String[] fields = line.split(":", 3);
		boolean cpu = fields.length == 3 && (fields[1].isEmpty() || List.of(fields[1].split(",", -1)).contains("cpu"));
		return cpu ? fields[2] : null;
	}

	/**
	 * Parse a {@code cpu.stat}: {@code throttled_usec} in version 2 of control groups,
	 * {@code throttled_time} in nanoseconds in version 1.
	 * @param stat the content of the file
	 * @return the throttled time in nanoseconds, or -1 if there is none
	 */
	public static long parse(String stat) {
		for (String line : stat.split("\n", -1)) {
			String[] fields = line.trim().split(" ", -1);
			if (fields.length == 2 && fields[1].matches("\\d{1,18}")) {
				long value = Long.parseLong(fields[1]);
				switch (fields[0]) {
					case "throttled_usec":
						return value * 1_000;
					case "throttled_time":
						return value;
					default:
				}
			}
		}
		return -1;
	}

	/**
	 * Return the usage since an earlier reading.
	 * @param earlier the earlier reading
	 * @return the difference; -1 for what is not known
	 */
	public ProcessUsage since(ProcessUsage earlier) {
		return new ProcessUsage(difference(this.cpuNanos, earlier.cpuNanos),
				difference(this.throttledNanos, earlier.throttledNanos),
				Math.max(0, this.loadedClasses - earlier.loadedClasses),
				Math.max(0, this.compilationNanos - earlier.compilationNanos));
	}

	private static long difference(long later, long earlier) {
		return (later >= 0 && earlier >= 0) ? Math.max(0, later - earlier) : -1;
	}

}
