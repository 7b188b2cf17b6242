package io.github.eventloop.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.OperatingSystemMXBean;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Support for tests whose figures are meaningless if other processes need the CPUs.
 */
final class IdleMachine {

	private IdleMachine() {
	}

	/**
	 * Run a test, and repeat it once if it fails: another process may have needed the
	 * CPUs. A bug of the library fails twice. Not for conditions that must never occur,
	 * such as a torn reading.
	 */
	static void test(Executable test) throws Throwable {
		assume();
		try {
			test.execute();
		}
		catch (AssertionError ex) {
			try {
				assume();
				test.execute();
			}
			catch (TestAbortedException aborted) {
				aborted.addSuppressed(ex);
				throw aborted;
			}
		}
	}

	/** Continue only if there is spare CPU time. Takes a second. */
	private static void assume() {
		OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		// The first value does not cover any time.
		machine.getCpuLoad();
		Pause.of(Duration.ofSeconds(1));
		assumeThat(machine.getCpuLoad()).as("share of the CPUs that other processes use").isLessThan(0.4);
	}

}
