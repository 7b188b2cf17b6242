package io.github.eventloop.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * A sender of requests at the times of a plan. All state except {@code startedAt} and
 * {@code result} is confined to the event loop.
 */
final class Sender {

	private final Exchange exchange;

	private final Scheduler scheduler;

	private final PrimitiveIterator.OfLong dueTimes;

	private final int seconds;

	private final List<Sample> samples = new ArrayList<>();

	private final CompletableFuture<LoadResult> result = new CompletableFuture<>();

	// Written before the first task is submitted to the loop, which makes it visible
	// there.
	private long startedAt;

	private long due = -1;

	private int inFlight;

	private boolean stopped;

	Sender(Exchange exchange, Plan plan, Scheduler scheduler) {
		this.exchange = exchange;
		this.scheduler = scheduler;
		this.dueTimes = plan.dueTimes();
		this.seconds = (int) Math.ceil(plan.duration().toNanos() / 1e9);
	}

	/**
	 * Open connections by sending as many requests at once: in one iteration of the loop,
	 * so that none returns to the pool before all have been acquired.
	 * @param connections the number of connections
	 * @param opening the request to send
	 */
	void open(int connections, Exchange opening) {
		long now = System.nanoTime();
		List<Sample> opened = Flux.range(0, connections)
			.flatMap((number) -> opening.send(now, 0), connections)
			.subscribeOn(this.scheduler)
			.collectList()
			.blockOptional()
			.orElseThrow();
		opened.stream().filter((sample) -> sample.outcome() != Outcome.OK).findAny().ifPresent((sample) -> {
			throw new IllegalStateException(
					"Could not open " + connections + " connections before the load: " + sample);
		});
	}

	CompletableFuture<LoadResult> start() {
		this.startedAt = System.nanoTime();
		this.scheduler.schedule(this::sendDue);
		return this.result;
	}

	long startedAt() {
		return this.startedAt;
	}

	void stop() {
		if (!this.result.isDone()) {
			this.scheduler.schedule(() -> {
				this.stopped = true;
				completeIfOver();
			});
		}
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
				this.scheduler.schedule(this::sendDue, wait, TimeUnit.NANOSECONDS);
				return;
			}
			send(this.due);
			this.due = -1;
		}
		completeIfOver();
	}

	private void send(long due) {
		this.inFlight++;
		this.exchange.send(this.startedAt, due).subscribe((sample) -> {
			this.samples.add(sample);
			this.inFlight--;
			completeIfOver();
		}, this.result::completeExceptionally);
	}

	private void completeIfOver() {
		if (this.stopped && this.inFlight == 0) {
			this.result.complete(new LoadResult(this.samples, this.seconds));
		}
	}

}
