package io.github.eventloop.finding;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.blocking.BlockingHotspot;
import io.github.eventloop.finding.internal.Catalogue;
import io.github.eventloop.finding.internal.Inspection;
import io.github.eventloop.finding.internal.Observations;
import io.github.eventloop.finding.internal.QuietLoops;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.stall.StallDetector;

/**
 * Detector of what is wrong with the event loops. Derives {@link Findings} from
 * everything that is known about them: stalls, lag, utilization, pauses, pools and the
 * status.
 * <p>
 * Thread-safe. There is no work before {@link #find(boolean)}, except for a comparison
 * once a second on the monitor thread. A call takes about a millisecond, on the calling
 * thread, and reads all stalls and the history, so it does not belong on an event loop.
 *
 * @since 0.1.0
 */
public final class FindingDetector implements AutoCloseable {

	private final EventLoopMonitor monitor;

	private final StallDetector stalls;

	private final @Nullable EventLoopHealth health;

	private final HealthSettings settings;

	private final Supplier<@Nullable List<BlockingHotspot>> blocking;

	private final Supplier<ProcessFacts> facts;

	private final QuietLoops quiet = new QuietLoops();

	/**
	 * Create a detector.
	 * @param monitor the monitor of the loops
	 * @param stalls the detector of stalls
	 * @param health the health of the loops, or {@code null} if they are not judged
	 * @param settings the thresholds of the lag that users notice
	 * @param blocking returns the blocking calls, or {@code null} if no detector looks
	 * for them
	 * @param facts returns the facts about the process
	 */
	public FindingDetector(EventLoopMonitor monitor, StallDetector stalls, @Nullable EventLoopHealth health,
			HealthSettings settings, Supplier<@Nullable List<BlockingHotspot>> blocking, Supplier<ProcessFacts> facts) {
		this.monitor = monitor;
		this.stalls = stalls;
		this.health = health;
		this.settings = settings;
		this.blocking = blocking;
		this.facts = facts;
		monitor.addListener(this.quiet);
	}

	/**
	 * Find what is wrong at this instant.
	 * @param detailsShown whether the reader of the findings is shown
	 * {@linkplain Evidence.Code details}; if not, they are part of the findings
	 * nevertheless, and one of the findings may state that they are not shown
	 * @return the findings
	 */
	public Findings find(boolean detailsShown) {
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		Instant from = snapshot.at().minus(Findings.PERIOD);
		long now = snapshot.nanoTime();
		long minuteAgo = now - TimeUnit.MINUTES.toNanos(1);
		Judgement judgement = (this.health != null) ? this.health.judgement() : null;
		Observations observations = new Observations(snapshot, this.monitor.history(from.toEpochMilli()),
				this.stalls.stalls(), this.monitor.settings().stallThreshold(), judgement, this.settings,
				this.monitor.collectingNanos(minuteAgo, now), this.monitor.starvedNanos(minuteAgo, now),
				this.quiet.list(), this.blocking.get(), this.facts.get(), detailsShown);
		return new Findings(snapshot.at(), Findings.PERIOD, Catalogue.find(observations),
				Inspection.checked(observations), Inspection.notChecked(observations));
	}

	/**
	 * Stop observing the loops.
	 */
	@Override
	public void close() {
		this.monitor.removeListener(this.quiet);
	}

}
