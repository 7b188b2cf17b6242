package io.github.eventloop.actuate;

import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.stall.StallChanges;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link Endpoint @Endpoint} that shows what the event loops do, with what
 * {@link EventLoopEndpointWebExtension} adds over HTTP and
 * {@link EventLoopEndpointJmxExtension} over JMX. Actuator calls it on a thread that may
 * block, so that even a large number of loops is not read on one of them.
 *
 * @since 0.1.0
 */
@Endpoint(id = "eventloop")
public class EventLoopEndpoint {

	private final EventLoopMonitor monitor;

	private final @Nullable EventLoopHealth health;

	private final StallWatch stalls;

	private final BlockingCalls blocking;

	private final String blockingDetector;

	private final Details details;

	private final String instance = Long.toHexString(ThreadLocalRandom.current().nextLong());

	/**
	 * Volatile, so that whoever sees it sees all of it. Readers who overwrite each
	 * other's only make for one more description.
	 */
	private volatile @Nullable LiveAnswer newest;

	/**
	 * Create an endpoint.
	 * @param monitor what sees the loops
	 * @param health what judges them, or {@code null} if nothing does
	 * @param stalls what explains their stalls
	 * @param blocking what keeps the blocking calls that were seen
	 * @param blockingDetector what sees them; {@code none} if nothing does
	 * @param details who is shown what comes from code and requests
	 */
	public EventLoopEndpoint(EventLoopMonitor monitor, @Nullable EventLoopHealth health, StallWatch stalls,
			BlockingCalls blocking, String blockingDetector, Details details) {
		this.monitor = monitor;
		this.health = health;
		this.stalls = stalls;
		this.blocking = blocking;
		this.blockingDetector = blockingDetector;
		this.details = details;
	}

	/**
	 * Show all loops as they are now.
	 * @return the loops
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public EventLoopDescriptor eventLoops() {
		Judgement judgement = (this.health != null) ? this.health.judgement() : null;
		return EventLoopDescriptor.of(judgement, this.monitor.snapshot());
	}

	HistoryDescriptor history(@Nullable Long after) {
		return HistoryDescriptor.of((after != null) ? this.monitor.history(after) : this.monitor.history());
	}

	StallsDescriptor stalls(SecurityContext reader) {
		return StallsDescriptor.of(this.stalls.stalls(), hintFor(reader));
	}

	HotspotsDescriptor hotspots(SecurityContext reader) {
		return HotspotsDescriptor.of(this.stalls.hotspots(), hintFor(reader));
	}

	BlockingDescriptor blocking(SecurityContext reader) {
		return BlockingDescriptor.of(this.blockingDetector, this.blocking.list(), hintFor(reader));
	}

	/**
	 * Those who know the same, may see the same and ask within half a second are told the
	 * same, so that many open pages cost little more than one.
	 */
	LiveDescriptor live(SecurityContext reader, @Nullable Long after, @Nullable Long position) {
		LiveAnswer.Question question = new LiveAnswer.Question(after, position, hintFor(reader));
		LiveAnswer newest = this.newest;
		long now = System.nanoTime();
		if (newest != null && newest.answers(question, now)) {
			return newest.live();
		}
		LiveDescriptor live = describe(question);
		if (after != null) {
			// What is told to one who knows nothing is large, and rarely asked for.
			this.newest = new LiveAnswer(question, now, live);
		}
		return live;
	}

	private LiveDescriptor describe(LiveAnswer.Question question) {
		Long position = question.position();
		StallChanges changes = this.stalls.changesSince((position != null) ? position : -1);
		return LiveDescriptor.of(this.instance, eventLoops(), history(question.after()), changes,
				changes.isEmpty() ? null : this.stalls.hotspots(), question.hint());
	}

	@Nullable String hintFor(SecurityContext reader) {
		return this.details.areShownTo(reader) ? null : this.details.hint();
	}

}
