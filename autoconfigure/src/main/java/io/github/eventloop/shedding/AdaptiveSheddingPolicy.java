package io.github.eventloop.shedding;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongBinaryOperator;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.LoopRecorder;
import io.github.eventloop.shedding.internal.AdaptiveLimit;

/**
 * {@link SheddingPolicy} that sheds requests only while their event loop is overloaded,
 * and as few as necessary. It measures the service time {@code S} of requests on each
 * loop, weighted by time, {@code Σt² / Σt}, where a single request counts at most as four
 * times the mean or 50 ms.
 * <p>
 * <b>When.</b> A loop is overloaded if the lag has been longer than {@code 10 S}, but at
 * least {@code fullLag} and at most 4 seconds, for 500 ms, minus 1.5 times the pauses for
 * garbage collection in the 10 seconds before unless they took a third of the time. Then
 * requests are shed until, over at least 5 seconds and 50 requests, all of them would
 * have taken less than 95 % of the loop's time. Independently of this, shedding ends
 * after one minute, then after two and so on, up to ten minutes, as an experiment: if the
 * lag stays short without it, as with callers that wait for their responses before they
 * send more requests, it does not begin again.
 * <p>
 * <b>Which.</b> The shares are those of the {@link LagSheddingPolicy} with the bounds
 * {@code max(x startLag, y S)} and {@code max(x fullLag, 2 y S)}, where
 * {@code y = max(1, x)}. The scale {@code x} starts at 1 and is between 0.1 and 1.5:
 * after each 5 seconds and 50 requests it is multiplied by 0.8 if the loop was active for
 * more than 98 % of the time, since a shorter queue may do, and by 1.25 if it was for
 * less than 95 %, since accepting more requests raises the goodput.
 * <p>
 * The signal is the lag, so that slow backends and the number of requests that wait for
 * them have no effect. The detection of a persistent queue is similar to CoDel (RFC
 * 8289), the adaptation is multiplicative as in adaptive concurrency limits, such as
 * those of Envoy and of Netflix. Their baseline, the latency without a queue, is the
 * service time here, which a loop measures without having to reduce the load.
 * <p>
 * Thread-safe. The state of each loop is used by its thread only, so that a decision
 * takes no lock and does not allocate, apart from the first one on a loop, and from the
 * pauses, which are read at most twice a second while the lag is long.
 *
 * @since 0.1.0
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8289">RFC 8289: CoDel</a>
 * @see <a href=
 * "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/adaptive_concurrency_filter">Envoy:
 * Adaptive Concurrency</a>
 * @see <a href="https://github.com/Netflix/concurrency-limits">Netflix:
 * concurrency-limits</a>
 */
public final class AdaptiveSheddingPolicy implements SheddingPolicy, EventLoopListener {

	private final LagSheddingPolicy bounds;

	private final LongBinaryOperator pausedNanos;

	/**
	 * Limits by loop. Added by the thread of the loop, removed by the monitor thread. The
	 * limits themselves are used by the thread of their loop only.
	 */
	private final Map<MonitoredLoop, AdaptiveLimit> limits = new ConcurrentHashMap<>();

	/**
	 * Create a policy.
	 * @param bounds the bounds for requests that take less than their start lag
	 * @param pausedNanos returns for how long garbage collection paused the process
	 * between two {@linkplain System#nanoTime() instants}, in nanoseconds, such as
	 * {@link io.github.eventloop.monitor.EventLoopMonitor#collectingNanos}. Called on
	 * event loop threads, at most twice a second on each, so it should take less than a
	 * millisecond.
	 */
	public AdaptiveSheddingPolicy(LagSheddingPolicy bounds, LongBinaryOperator pausedNanos) {
		this.bounds = bounds;
		this.pausedNanos = pausedNanos;
	}

	/**
	 * Return the bounds for requests that take less than their start lag.
	 * @return the bounds
	 */
	public LagSheddingPolicy bounds() {
		return this.bounds;
	}

	/**
	 * Return the share of requests with the given priority to shed at this instant. Must
	 * be called once for each request, because requests are counted. Always 0 for a loop
	 * that is {@linkplain MonitoredLoop#isApproximate() measured approximately}, which
	 * has no requests.
	 */
	@Override
	public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
		AdaptiveLimit limit = this.limits.get(loop);
		if (limit == null) {
			if (!(loop.view() instanceof LoopRecorder recorder)) {
				return 0;
			}
			limit = new AdaptiveLimit(recorder, this.bounds.startLag().toNanos(), this.bounds.fullLag().toNanos(),
					this.pausedNanos);
			this.limits.put(loop, limit);
		}
		return limit.shareToShed(lagNanos, priority);
	}

	/**
	 * Discard the state of loops that no longer exist.
	 */
	@Override
	public void onLoops(List<MonitoredLoop> loops) {
		this.limits.keySet().retainAll(new HashSet<>(loops));
	}

}
