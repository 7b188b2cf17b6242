package io.github.eventloop.benchmarks.truth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SafepointsTests {

	@TempDir
	private Path directory;

	@Test
	void pausesShouldBeReadFromTheLogOfTheJvm() throws IOException {
		Path log = Files.writeString(this.directory.resolve("safepoints.log"), """
				[48950350571022ns] Safepoint "GenCollectForAllocation", Time since last: 312864173 ns, \
				Reaching safepoint: 5548 ns, Cleanup: 15563 ns, At safepoint: 87630178 ns, Total: 87651289 ns
				[48950350671022ns] Safepoint "ICBufferFull", Time since last: 12348 ns, \
				Reaching safepoint: 5548 ns, Cleanup: 15563 ns, At safepoint: 178 ns, Total: 21289 ns
				""");
		assertThat(Safepoints.read(log)).containsExactly(new Interval(48950350571022L - 87651289L, 48950350571022L));
	}

}
