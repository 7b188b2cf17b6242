package io.github.eventloop.benchmarks.prometheus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for the rules in {@code docs/prometheus} with {@code promtool}.
 */
@Timeout(120)
class RulesIT {

	private static final List<Path> FILES = List.of(Docs.RECORDING_RULES, Docs.ALERT_RULES, Docs.RECORDING_RULES_TEST,
			Docs.ALERT_RULES_TEST);

	@TempDir
	private Path directory;

	@BeforeEach
	void requirePromtool() {
		assumeThat(Program.find("promtool")).as("promtool, which 'benchmarks/install prometheus promtool' installs")
			.isPresent();
	}

	@Test
	void rulesShouldBeValidAndPassTheirTests() throws IOException {
		copy(UnaryOperator.identity());
		assertThat(check()).satisfies(RulesIT::succeeded);
		assertThat(test()).satisfies(RulesIT::succeeded);
	}

	/** The renaming described in the documentation, for pods and for pushed metrics. */
	@ParameterizedTest
	@ValueSource(strings = { "s/\\binstance\\b/pod/g",
			"s/\\bjob\\b/service_name/g; s/\\binstance\\b/service_instance_id/g" })
	void whenLabelsAreRenamedRulesShouldStillPassTheirTests(String renaming) throws IOException {
		assertThat(Docs.text(Docs.PAGE)).contains("sed '" + renaming + "'");
		copy(UnaryOperator.identity());
		for (Path file : FILES) {
			Path copy = this.directory.resolve(file.getFileName());
			assertThat(Command.run(this.directory, "", List.of("sed", "-i", renaming, copy.toString())))
				.satisfies(RulesIT::succeeded);
			assertThat(copy).content().isNotEqualTo(Docs.text(file));
		}
		assertThat(check()).satisfies(RulesIT::succeeded);
		assertThat(test()).satisfies(RulesIT::succeeded);
	}

	/** Verifies that the tests can fail: each alert with another threshold. */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					EventLoopLagP99High        | p99_5m > 0.05                  | p99_5m > 5
					EventLoopLagP99High        | p99_5m > 0.05                  | p99_5m > 0.01
					EventLoopLagP50High        | p50_5m > 0.01                  | p50_5m > 1
					EventLoopLagMeanHigh       | mean_5m > 0.005                | mean_5m > 0.5
					EventLoopLagMeanHigh       | unless instance:               | and instance:
					EventLoopStuck             | {group!="management-http"}[2m]) == 0 | {group!="management-http"}[2m]) >= 0
					EventLoopStuck             | {group!="management-http"}[2m])      | [2m])
					EventLoopStuck             | {state="idle"}[2m]) == 0             | {state="idle"}[2m]) >= 0
					EventLoopStuck             | {state!="idle"}[2m])) > 0            | {state!="idle"}[2m])) >= 0
					EventLoopAcceptorBlocked   | eventloop_connections_waiting{group!="management-http"} | eventloop_connections_waiting
					EventLoopHotLoop           | {name!~".*-select-.*"}         | {name!~""}
					EventLoopPauses            | [5m]) > 0.05                   | [5m]) > 0.01
					EventLoopShedding          | 0.01 * (                       | 0.001 * (
					EventLoopReadyInstancesLow | [5m]) < 0.5                    | [5m]) < 0.7
					""")
	void whenRuleIsChangedItsTestShouldFail(String alert, String right, String wrong) throws IOException {
		copy((text) -> text.replace(right, wrong));
		Command test = promtool("test", "rules", Docs.ALERT_RULES_TEST);
		assertThat(test.status()).as("%s", test.output()).isNotZero();
		assertThat(test.output()).contains(alert);
	}

	private void copy(UnaryOperator<String> change) throws IOException {
		for (Path file : FILES) {
			Files.writeString(this.directory.resolve(file.getFileName()), change.apply(Docs.text(file)));
		}
	}

	private Command check() {
		return promtool("check", "rules", Docs.RECORDING_RULES, Docs.ALERT_RULES);
	}

	private Command test() {
		return promtool("test", "rules", Docs.RECORDING_RULES_TEST, Docs.ALERT_RULES_TEST);
	}

	private Command promtool(String command, String what, Path... files) {
		List<String> line = new ArrayList<>(List.of(Program.path("promtool"), command, what));
		for (Path file : files) {
			line.add(file.getFileName().toString());
		}
		return Command.run(this.directory, "", line);
	}

	private static void succeeded(Command command) {
		assertThat(command.status()).as("%s", command.output()).isZero();
	}

}
