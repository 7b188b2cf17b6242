package io.github.eventloop.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.benchmarks.FleetRecording.Absence;
import io.github.eventloop.benchmarks.FleetScenario.FleetColumn;
import io.github.eventloop.benchmarks.Run.Targets;

/**
 * A row of the table: a scenario with each of the settings, and the targets for these.
 */
record FleetRow(FleetScenario scenario, int instances, Map<FleetColumn, FleetRecording> recordings) {

	/** Two runs with the same settings differ by this part of the result. */
	private static final double NOISE = 0.03;

	FleetRow {
		recordings = new EnumMap<>(recordings);
	}

	/** Return the cells of the table. */
	List<String> cells() {
		List<String> cells = new ArrayList<>(List.of(this.scenario.title(), String.valueOf(this.instances)));
		this.recordings.values().forEach((recording) -> cells.add(cell(recording)));
		return cells;
	}

	private String cell(FleetRecording recording) {
		double without = recording.longestWithoutAny();
		return value(recording) + ((without > 0) ? Run.format(" (%.0f s)", Math.ceil(without)) : "");
	}

	private String value(FleetRecording recording) {
		if (!this.scenario.isClosedLoop()) {
			return Run.format("%.1f %%", 100 * recording.inTime());
		}
		FleetRecording nothing = this.recordings.get(FleetColumn.NOTHING);
		return (nothing != null) ? Run.format("%.1f %%", 100 * recording.value() / nothing.value())
				: Run.format("%.1f per second", recording.value());
	}

	/** Return the cells of the table of details, a row for each of the settings. */
	List<List<String>> details() {
		List<List<String>> rows = new ArrayList<>();
		this.recordings.forEach((column, recording) -> rows.add(List.of(this.scenario.title(),
				String.valueOf(this.instances), column.label(), Run.format("%.1f %%", 100 * recording.inTime()),
				Run.format("%.1f", recording.answersPerSecond()), Run.format("%.1f s", recording.longestWithoutAny()),
				Absence.describe(recording.absences(FleetScenario.LAGGING)),
				Run.format("%.0f ms", recording.requests().clientLagP99Millis()))));
		return rows;
	}

	/** Return the missed targets, which have a margin for a busy machine. */
	List<String> missed() {
		Targets targets = new Targets(this.scenario.label() + ", " + this.instances + " instances");
		FleetRecording nothing = this.recordings.get(FleetColumn.NOTHING);
		checkAtLeast(targets, 0.90, FleetColumn.DEFAULTS, nothing);
		checkAtLeast(targets, 0.98, FleetColumn.GATE, nothing);
		checkAtLeast(targets, 0.98, FleetColumn.BOTH, nothing);
		this.recordings
			.forEach((column, recording) -> targets.check(!column.hasGate() || recording.longestWithoutAny() < 1,
					"with '%s' an instance is always ready, but none was for %.1f s", column.label(),
					recording.longestWithoutAny()));
		return targets.missed();
	}

	private void checkAtLeast(Targets targets, double share, FleetColumn column, @Nullable FleetRecording nothing) {
		FleetRecording recording = this.recordings.get(column);
		if (recording != null && nothing != null) {
			double ratio = recording.value() / nothing.value();
			targets.check(ratio >= share - NOISE, "'%s' answers at least %.0f %% of what 'nothing' does, but %.1f %%",
					column.label(), 100 * share, 100 * ratio);
		}
	}

}
