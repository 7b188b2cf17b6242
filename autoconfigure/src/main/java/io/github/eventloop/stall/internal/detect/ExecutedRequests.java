package io.github.eventloop.stall.internal.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;
import io.github.eventloop.stall.StallDetector;

/**
 * The requests that a loop was executing when its stall was sampled.
 * <p>
 * Not thread-safe: guarded by the lock of the {@link StallDetector}.
 */
final class ExecutedRequests {

	/** In the order in which they were first sampled. */
	private final List<Execution> executions = new ArrayList<>();

	/**
	 * Add the request of a sample.
	 * @param request the request, or {@code null} if the loop was executing none
	 * @param nanos the time that the sample accounts for
	 */
	void add(@Nullable ExecutingRequest request, long nanos) {
		if (request == null) {
			return;
		}
		Execution execution = this.executions.stream()
			.filter((each) -> each.request == request)
			.findFirst()
			.orElseGet(() -> {
				Execution first = new Execution(request);
				this.executions.add(first);
				return first;
			});
		execution.nanos += nanos;
		// Read both with every sample: they may be set late, or cleared before the end.
		String route = request.route();
		String traceId = request.traceId();
		execution.route = (route != null) ? route : execution.route;
		execution.traceId = (traceId != null) ? traceId : execution.traceId;
	}

	/**
	 * Return the requests that this method has not returned before.
	 * @return the requests
	 */
	List<ExecutingRequest> take() {
		List<ExecutingRequest> requests = new ArrayList<>();
		for (Execution execution : this.executions) {
			if (!execution.taken) {
				execution.taken = true;
				requests.add(execution.request);
			}
		}
		return requests;
	}

	/**
	 * Return the route of the request that was executed for the longest time.
	 * @return the route, or {@code null} if it is not known
	 */
	@Nullable String route() {
		Execution longest = longest();
		return (longest != null) ? longest.route : null;
	}

	/**
	 * Return the trace id of the request that was executed for the longest time.
	 * @return the trace id, or {@code null} if it is not known
	 */
	@Nullable String traceId() {
		Execution longest = longest();
		return (longest != null) ? longest.traceId : null;
	}

	/**
	 * Return the server to which the request that was executed for the longest time was
	 * sent.
	 * @return its host and port, or {@code null} if the loop did not handle a response
	 */
	@Nullable String peer() {
		Execution longest = longest();
		return (longest != null) ? longest.request.peer() : null;
	}

	private @Nullable Execution longest() {
		return this.executions.stream().max(Comparator.comparingLong((each) -> each.nanos)).orElse(null);
	}

	private static final class Execution {

		private final ExecutingRequest request;

		private long nanos;

		private @Nullable String route;

		private @Nullable String traceId;

		private boolean taken;

		Execution(ExecutingRequest request) {
			this.request = request;
		}

	}

}
