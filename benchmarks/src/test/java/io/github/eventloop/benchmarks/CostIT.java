package io.github.eventloop.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import io.github.eventloop.benchmarks.ComparedApplication.Side;
import io.github.eventloop.benchmarks.CostFork.CostRecorded;
import io.github.eventloop.benchmarks.CostFork.Costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Shortened version of the benchmark {@code cost}, too short for exact figures: verifies
 * that each side answers and that no cost is out of proportion.
 */
@Timeout(180)
class CostIT {

	@TempDir
	private Path logs;

	@BeforeEach
	void requirePrograms() {
		assumeTrue(Program.find("h2load").isPresent(), "Needs h2load: benchmarks/install nghttp2-client");
		assumeTrue(Runtime.getRuntime().availableProcessors() > 1,
				"Needs a CPU for the server and one for the clients");
	}

	@Test
	void sidesShouldCostMuchTheSame() {
		try (CostFork fork = new CostFork("fork", 1, this.logs)) {
			fork.load(List.of(Side.values()), CostFork.SATURATING, Duration.ofSeconds(15));
			Costs costs = fork.round(CostFork.SATURATING, Duration.ofSeconds(3));
			assertThat(Side.values()).allSatisfy((side) -> assertThat(costs.ratio(side)).isBetween(0.5, 1.5));
			Costs part = fork.round(100, Duration.ofSeconds(3));
			assertThat(Side.values()).allSatisfy((side) -> assertThat(part.ratio(side)).isBetween(0.3, 3.0));
			assertThat(fork.allocated(Side.LOOPS, Duration.ofSeconds(1))).as("bytes a request")
				.isBetween(1_000.0, 100_000.0);
		}
	}

	@ParameterizedTest
	@EnumSource(names = "HELLO", mode = Mode.EXCLUDE)
	void otherRequestsShouldCostMuchTheSame(ComparedRequest request) {
		assumeTrue(request != ComparedRequest.PROXIED || Files.isDirectory(Program.TOOLS.resolve("gateway")),
				"Needs Spring Cloud Gateway: benchmarks/install gateway");
		List<Side> sides = List.of(Side.STOCK, Side.STOCK_TOO, Side.DEFAULTS);
		DisposableServer backend = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((received, response) -> response.sendString(Mono.just("hello")))
			.bindNow();
		try (CostFork fork = new CostFork("fork", 1, this.logs, request, sides, backend.port())) {
			fork.load(sides, CostFork.SATURATING, Duration.ofSeconds(15));
			Costs costs = fork.round(CostFork.SATURATING, Duration.ofSeconds(3));
			assertThat(sides).allSatisfy((side) -> assertThat(costs.ratio(side)).isBetween(0.5, 1.5));
		}
		finally {
			backend.disposeNow();
		}
	}

	@Test
	void recordingShouldBeMeasured() {
		try (CostRecorded recorded = new CostRecorded(this.logs)) {
			// Fails unless a recording starts. The cost of the first one is not
			// representative.
			assertThat(recorded.cycle(1, Duration.ofSeconds(1), Duration.ofSeconds(2))).isPositive();
		}
	}

}
