package io.github.eventloop.shedding.internal;

import java.util.function.Predicate;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.recorder.MonitoredThread;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.RequestPriorityResolver;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * Web filter that sheds requests while their event loop lags. A {@link SheddingPolicy}
 * determines the share of requests that are answered with 503, {@code Retry-After} and
 * problem details, before any code of the application processes them. Requests are
 * tracked before all filters, so that shed requests are counted, too.
 * <p>
 * Excluded requests are never shed, nor are requests whose response is already committed,
 * or which arrive on a thread that is not an event loop thread or on a loop that does not
 * count in the status of the application.
 */
public final class SheddingWebFilter implements WebFilter, Ordered, InitializingBean, DisposableBean {

	private final EventLoopMonitor monitor;

	private final SheddingPolicy policy;

	private final RequestPriorityResolver priorities;

	private final Predicate<ServerWebExchange> excluded;

	private final ShedResponse shedResponse = new ShedResponse();

	private final ShedRequests shedRequests;

	/**
	 * Create a filter. It counts and logs shed requests after
	 * {@link #afterPropertiesSet()}.
	 * @param monitor the monitor, which notifies the filter every second to count and log
	 * shed requests
	 * @param policy the policy that determines the share to shed; notified every second
	 * if it is an {@link EventLoopListener}
	 * @param priorities the resolver of the priorities of requests
	 * @param excluded matches requests that are never shed; called on the event loop
	 * thread for every request
	 * @param shedRequests counts the shed requests
	 */
	public SheddingWebFilter(EventLoopMonitor monitor, SheddingPolicy policy, RequestPriorityResolver priorities,
			Predicate<ServerWebExchange> excluded, ShedRequests shedRequests) {
		this.monitor = monitor;
		this.policy = policy;
		this.priorities = priorities;
		this.excluded = excluded;
		this.shedRequests = shedRequests;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (Thread.currentThread() instanceof MonitoredThread thread && isShed(exchange, thread)) {
			return this.shedResponse.writeTo(exchange);
		}
		return chain.filter(exchange);
	}

	/**
	 * Return the name of this filter in Spring's exception traces. Constant, since Spring
	 * calls this method for each request.
	 */
	@Override
	public String toString() {
		return "SheddingWebFilter";
	}

	private boolean isShed(ServerWebExchange exchange, MonitoredThread thread) {
		MonitoredLoop loop = thread.loop();
		if (!loop.isCounted() || exchange.getResponse().isCommitted()) {
			return false;
		}
		try {
			if (this.excluded.test(exchange)) {
				return false;
			}
			RequestPriority priority = this.priorities.priorityOf(exchange.getRequest());
			double share = this.policy.shareToShed(loop, thread.recorder().lagNanos(), priority);
			if (Double.isNaN(share)) {
				this.shedRequests.recordFailure(
						this.policy.getClass().getName() + " returned NaN as the share of requests to shed", null);
			}
			return share > 0 && this.shedRequests.of(loop).shedNext(priority, share);
		}
		catch (Throwable ex) {
			// A failure in code of the application must not prevent a response.
			this.shedRequests.recordFailure("Failed to decide whether to shed requests", ex);
			return false;
		}
	}

	/**
	 * Return the number of requests shed on the loops of a group, including terminated
	 * loops. May be called by any thread.
	 * @param group the name of the group
	 * @return the number at the end of the last second, which never decreases
	 */
	public long shed(String group) {
		return this.shedRequests.total(group);
	}

	@Override
	public void afterPropertiesSet() {
		this.monitor.addListener(this.shedRequests);
		if (this.policy instanceof EventLoopListener listener) {
			this.monitor.addListener(listener);
		}
	}

	@Override
	public void destroy() {
		this.monitor.removeListener(this.shedRequests);
		this.shedRequests.close();
		if (this.policy instanceof EventLoopListener listener) {
			this.monitor.removeListener(listener);
		}
	}

}
