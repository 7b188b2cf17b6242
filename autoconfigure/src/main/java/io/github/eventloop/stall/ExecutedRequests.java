package io.github.eventloop.stall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.ExecutingRequest;

/**
 * The requests that a loop was executing when a stall of it was sampled.
 * <p>
 * Not thread-safe: guarded by the lock of the {@link StallWatch}.
 */
final class ExecutedRequests {

	/** In the order in which they were first sampled. */
	private final List<Execution> executions = new ArrayList<>();

	/**
	 * Add what a sample has found.
	 * @param request the request, or {@code null} if the loop was executing none
	 * @param nanos the time that the sample stands for
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
		// While it is executed: both may become known only later, or be gone then.
		String route = request.route();
		String traceId = request.traceId();
		execution.route = (route != null) ? route : execution.route;
		execution.traceId = (traceId != null) ? traceId : execution.traceId;
	}

	/**
	 * Return the requests that were not returned yet.
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
	 * Return the route of the request that was executed for most of the time.
	 * @return the route, or {@code null} if it is not known
	 */
	@Nullable String route() {
		Execution longest = longest();
		return (longest != null) ? longest.route : null;
	}

	/**
	 * Return the trace of the request that was executed for most of the time.
	 * @return the id of the trace, or {@code null} if it is not known
	 */
	@Nullable String traceId() {
		Execution longest = longest();
		return (longest != null) ? longest.traceId : null;
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
