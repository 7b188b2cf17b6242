package io.github.eventloop.benchmarks;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufMono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.util.context.Context;

import io.github.eventloop.benchmarks.LoadResult.Outcome;
import io.github.eventloop.benchmarks.LoadResult.Sample;

/**
 * A running load, which sends requests at the times of a plan. Closing it stops it.
 * Thread-safe: all state except {@code startedAt} and {@code result} is confined to the
 * event loop.
 */
public final class RunningLoad implements AutoCloseable {

	private final Exchange exchange;

	private final Scheduler loop;

	private final PrimitiveIterator.OfLong dueTimes;

	private final int seconds;

	private final List<Sample> samples = new ArrayList<>();

	private final CompletableFuture<LoadResult> result = new CompletableFuture<>();

	// Written before the first task is submitted to the loop, which makes it visible
	// there.
	private long startedAt;

	private long due = -1;

	/** When the requests in flight were due. */
	private final Set<Long> inFlight = new HashSet<>();

	private boolean stopped;

	RunningLoad(Exchange exchange, Plan plan, Scheduler loop) {
		this.exchange = exchange;
		this.loop = loop;
		this.dueTimes = plan.dueTimes();
		this.seconds = (int) Math.ceil(plan.duration().toNanos() / 1e9);
	}

	@SuppressWarnings("FutureReturnValueIgnored") // the action does not throw
	void onEnd(Runnable action) {
		this.result.whenComplete((result, failure) -> action.run());
	}

	/**
	 * Open connections by sending as many requests at once: in one iteration of the loop,
	 * so that none returns to the pool before all have been acquired.
	 */
	void open(int connections, Exchange opening) {
		long now = System.nanoTime();
		List<Sample> opened = Flux.range(0, connections)
			.flatMap((number) -> opening.send(now, 0), connections)
			.subscribeOn(this.loop)
			.collectList()
			.blockOptional()
			.orElseThrow();
		try {
			new LoadResult(opened, 1).requireAllOk();
		}
		catch (IllegalStateException ex) {
			this.result.completeExceptionally(ex);
			throw new IllegalStateException("Could not open %d connections before the load".formatted(connections), ex);
		}
	}

	void start() {
		this.startedAt = System.nanoTime();
		this.loop.schedule(this::sendDue);
	}

	private void sendDue() {
		while (!this.stopped) {
			if (this.due < 0) {
				if (!this.dueTimes.hasNext()) {
					this.stopped = true;
					break;
				}
				this.due = this.dueTimes.nextLong();
			}
			long wait = this.startedAt + this.due - System.nanoTime();
			if (wait > 0) {
				this.loop.schedule(this::sendDue, wait, TimeUnit.NANOSECONDS);
				return;
			}
			this.inFlight.add(this.due);
			this.exchange.send(this.startedAt, this.due).subscribe((sample) -> {
				this.samples.add(sample);
				this.inFlight.remove(sample.dueNanos());
				completeIfOver();
			}, this.result::completeExceptionally);
			this.due = -1;
		}
		completeIfOver();
	}

	private void completeIfOver() {
		if (this.stopped && this.inFlight.isEmpty()) {
			this.result.complete(new LoadResult(List.copyOf(this.samples), this.seconds));
		}
	}

	/**
	 * Return the time since the start of the load, which is the time scale of its
	 * samples.
	 */
	Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.startedAt);
	}

	/** Wait until the last request of the plan has ended. */
	public LoadResult await() {
		return this.result.join();
	}

	/**
	 * Wait until the last request of the plan has ended, but not beyond a time since the
	 * start. Requests without an outcome count as timed out then.
	 */
	LoadResult awaitUntil(Duration end) {
		if (!this.result.isDone()) {
			this.loop.schedule(this::giveUp, end.minus(elapsed()).toNanos(), TimeUnit.NANOSECONDS);
		}
		return await();
	}

	private void giveUp() {
		this.stopped = true;
		long elapsed = elapsed().toNanos();
		this.inFlight.forEach((dueNanos) -> this.samples
			.add(new Sample(dueNanos, 0, elapsed - dueNanos, Outcome.TIMED_OUT, 0, "no outcome")));
		this.inFlight.clear();
		completeIfOver();
	}

	/** Stop sending, and wait until the requests in flight have ended. */
	LoadResult stop() {
		if (!this.result.isDone()) {
			this.loop.schedule(() -> {
				this.stopped = true;
				completeIfOver();
			});
		}
		return await();
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * A request of a load and its outcome. Confined to the event loop of the load, so no
	 * state is shared between threads.
	 *
	 * @param uri the URI to get, or to post to
	 * @param body the JSON to post, or {@code null} to get
	 */
	record Exchange(HttpClient client, URI uri, @Nullable String body, Duration timeout, Scheduler loop) {

		/**
		 * Send a request that was due some time after the start of the load. Never an
		 * error.
		 */
		Mono<Sample> send(long startedAt, long dueNanos) {
			return Mono.defer(() -> {
				Attempt attempt = new Attempt(startedAt, dueNanos);
				return request()
					.response((response, content) -> content
						.then(Mono.fromSupplier(() -> attempt.answered(response.status().code()))))
					.single()
					.timeout(this.timeout, this.loop)
					.onErrorResume((failure) -> Mono
						.just(attempt.ended((failure instanceof TimeoutException) ? Outcome.TIMED_OUT : Outcome.FAILED,
								failure.toString())))
					.contextWrite(Context.of(Attempt.class, attempt));
			});
		}

		private HttpClient.ResponseReceiver<?> request() {
			if (this.body == null) {
				return this.client.get().uri(this.uri);
			}
			return this.client.headers((headers) -> headers.set("Content-Type", "application/json"))
				.post()
				.uri(this.uri)
				.send(ByteBufMono.fromString(Mono.just(this.body)));
		}

		/**
		 * Record the client port of the connection that a request was given: the only
		 * information about a request that is never answered.
		 */
		static void recordPort(HttpClientRequest request, Connection connection) {
			Attempt attempt = request.currentContextView().get(Attempt.class);
			if (connection.channel().localAddress() instanceof InetSocketAddress address) {
				attempt.clientPort = address.getPort();
			}
		}

		private static final class Attempt {

			private final long startedAt;

			private final long dueNanos;

			private final long lateNanos;

			private int clientPort;

			private Attempt(long startedAt, long dueNanos) {
				this.startedAt = startedAt;
				this.dueNanos = dueNanos;
				this.lateNanos = System.nanoTime() - startedAt - dueNanos;
			}

			private Sample answered(int status) {
				if (status < 400) {
					return ended(Outcome.OK, null);
				}
				return ended((status == 503) ? Outcome.UNAVAILABLE : Outcome.FAILED, "status " + status);
			}

			private Sample ended(Outcome outcome, @Nullable String error) {
				long latency = System.nanoTime() - this.startedAt - this.dueNanos;
				return new Sample(this.dueNanos, this.lateNanos, latency, outcome, this.clientPort, error);
			}

		}

	}

}
