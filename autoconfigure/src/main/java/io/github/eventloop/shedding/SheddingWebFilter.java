package io.github.eventloop.shedding;

import java.time.Duration;
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
import io.github.eventloop.monitor.InvalidSettingException;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.MonitoredThread;

/**
 * Refuses requests while their loop lags: with 503, {@code Retry-After} and problem
 * details, in the share that a {@link SheddingPolicy} asks for, before anything of the
 * application has worked on them. Comes right after the filter that counts requests, so
 * that those that are refused count, too.
 * <p>
 * Never refused is what was excluded, what arrives on a loop that does not count in the
 * application's status, or on none, and what is answered already.
 *
 * @since 0.1.0
 */
public final class SheddingWebFilter implements WebFilter, Ordered, InitializingBean, DisposableBean {

	private final EventLoopMonitor monitor;

	private final SheddingPolicy policy;

	private final RequestPriorityResolver priorities;

	private final Predicate<ServerWebExchange> excluded;

	private final Refusal refusal;

	private final Refusals refusals = new Refusals();

	/**
	 * Create a filter. It counts and logs once its properties have been set, as those of
	 * beans are.
	 * @param monitor tells when a second has passed, in which refusals are counted and
	 * logged
	 * @param policy which share to refuse; told of every second if it is an
	 * {@link EventLoopListener}
	 * @param priorities how much requests matter
	 * @param excluded what is never refused; asked on the loop for every request
	 * @param retryAfter when to come back, rounded up to seconds; from 1 second to 24
	 * hours
	 * @throws InvalidSettingException if that is out of its range
	 */
	public SheddingWebFilter(EventLoopMonitor monitor, SheddingPolicy policy, RequestPriorityResolver priorities,
			Predicate<ServerWebExchange> excluded, Duration retryAfter) {
		this.monitor = monitor;
		this.policy = policy;
		this.priorities = priorities;
		this.excluded = excluded;
		this.refusal = new Refusal(retryAfter);
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (Thread.currentThread() instanceof MonitoredThread thread && isRefused(exchange, thread.loop())) {
			return this.refusal.answer(exchange);
		}
		return chain.filter(exchange);
	}

	/**
	 * Return what Spring names this filter by in the traces of exceptions. It asks for
	 * each request.
	 */
	@Override
	public String toString() {
		return "SheddingWebFilter";
	}

	private boolean isRefused(ServerWebExchange exchange, MonitoredLoop loop) {
		if (!loop.isCounted() || exchange.getResponse().isCommitted()) {
			return false;
		}
		try {
			if (this.excluded.test(exchange)) {
				return false;
			}
			RequestPriority priority = this.priorities.priorityOf(exchange.getRequest());
			double share = this.policy.shareToRefuse(loop, loop.recorder().lagNanos(), priority);
			if (Double.isNaN(share)) {
				this.refusals.failed(this.policy.getClass().getName() + " asked to refuse NaN", null);
			}
			return share > 0 && this.refusals.of(loop).refuseNext(priority, share);
		}
		catch (Throwable ex) {
			// Code of the application: what it does wrong must not cost an answer.
			this.refusals.failed("What decides on refusing requests failed", ex);
			return false;
		}
	}

	/**
	 * Return how many requests were refused on the loops of a group, those that have
	 * ended included. May be called by any thread.
	 * @param group the name of the group
	 * @return the number at the end of the last second, which only grows
	 */
	public long refused(String group) {
		return this.refusals.total(group);
	}

	@Override
	public void afterPropertiesSet() {
		this.monitor.addListener(this.refusals);
		if (this.policy instanceof EventLoopListener listener) {
			this.monitor.addListener(listener);
		}
	}

	@Override
	public void destroy() {
		this.monitor.removeListener(this.refusals);
		this.refusals.close();
		if (this.policy instanceof EventLoopListener listener) {
			this.monitor.removeListener(listener);
		}
	}

}
