package io.github.eventloop.benchmarks.page;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.github.eventloop.benchmarks.process.Pause;

/**
 * Clients that poll for updates like the live page does, each over its own connection.
 * Thread-safe.
 */
final class Readers implements AutoCloseable {

	private final List<Thread> threads = new ArrayList<>();

	private final AtomicLong answers = new AtomicLong();

	/**
	 * Start the clients.
	 * @param number the number of clients
	 * @param url the URL to poll
	 * @param interval the time between two requests of a client
	 */
	Readers(int number, String url, Duration interval) {
		for (int i = 0; i < number; i++) {
			Duration delay = interval.multipliedBy(i).dividedBy(number);
			Thread thread = new Thread(() -> read(url, delay, interval), "reader-" + i);
			thread.setDaemon(true);
			thread.start();
			this.threads.add(thread);
		}
	}

	long answers() {
		return this.answers.get();
	}

	private void read(String url, Duration delay, Duration interval) {
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		String query = "";
		Pause.of(delay);
		while (!Thread.currentThread().isInterrupted()) {
			try {
				HttpRequest request = HttpRequest.newBuilder(URI.create(url + query))
					.header("Accept", "application/json")
					.build();
				JsonNode live = JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
				JsonNode ends = live.at("/history/epochMillis");
				if (!ends.isEmpty()) {
					query = "?after=" + ends.get(ends.size() - 1).asLong() + "&position="
							+ live.get("position").asLong();
				}
				this.answers.incrementAndGet();
				Thread.sleep(interval.toMillis());
			}
			catch (IOException ex) {
				throw new IllegalStateException("No answer from " + url, ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void close() {
		this.threads.forEach(Thread::interrupt);
	}

}
