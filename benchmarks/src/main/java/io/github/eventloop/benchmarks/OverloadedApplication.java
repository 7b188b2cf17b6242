package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

import io.github.eventloop.monitor.EventLoopListener;
import io.github.eventloop.monitor.EventLoopSecond;
import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.monitor.LoopSecond;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.internal.second.LoopPoller;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * An application with routes that compute on the loop or block it for a given time, so
 * that its capacity is known: a thousand milliseconds per second.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class OverloadedApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(OverloadedApplication.class, arguments);
	}

	@Bean
	RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route().GET("/work/{millis}", (request) -> {
			Pause.spin(Duration.ofMillis(Long.parseLong(request.pathVariable("millis"))).toNanos());
			return ServerResponse.noContent().build();
		}).GET("/block/{millis}", (request) -> {
			Pause.of(Duration.ofMillis(Long.parseLong(request.pathVariable("millis"))));
			return ServerResponse.noContent().build();
		})
			.GET("/backend/{millis}",
					(request) -> Mono.delay(Duration.ofMillis(Long.parseLong(request.pathVariable("millis"))))
						.then(ServerResponse.noContent().build()))
			.GET("/nothing", (request) -> ServerResponse.noContent().build())
			.build();
	}

	@Bean
	@ConditionalOnProperty("garbage")
	Garbage garbage() {
		return new Garbage();
	}

	@Bean
	@ConditionalOnProperty(name = "policy", havingValue = "on-off")
	SheddingPolicy onOffPolicy() {
		return new OnOffPolicy();
	}

	@Bean
	@ConditionalOnProperty(name = "policy", havingValue = "smoothed")
	SheddingPolicy smoothedPolicy() {
		return new SmoothedPolicy();
	}

	/**
	 * A heap that takes a collector some time, and a full collection of it every three
	 * seconds.
	 */
	private static final class Garbage {

		private final List<byte[]> live = new ArrayList<>();

		Garbage() {
			for (int i = 0; i < 2_000_000; i++) {
				this.live.add(new byte[16]);
			}
			Thread collecting = new Thread(this::collect, "collecting");
			collecting.setDaemon(true);
			collecting.start();
		}

		private void collect() {
			while (!this.live.isEmpty()) {
				Pause.of(Duration.ofSeconds(3));
				System.gc();
			}
		}

	}

	/**
	 * A policy that sheds all or no requests, depending on the mean lag of the last
	 * second: as {@code @fastify/under-pressure} does with {@code maxEventLoopDelay} and
	 * a {@code sampleInterval} of one second.
	 */
	private static final class OnOffPolicy implements SheddingPolicy, EventLoopListener {

		private static final long MAX_NANOS = Duration.ofMillis(50).toNanos();

		/** Replaced by the monitor thread, read by event loop threads. */
		private volatile Set<MonitoredLoop> lagging = Set.of();

		@Override
		public void onSecond(EventLoopSecond second) {
			this.lagging = second.loops()
				.stream()
				.filter((loop) -> loop.lag().meanNanos() > MAX_NANOS)
				.map(LoopSecond::loop)
				.collect(Collectors.toUnmodifiableSet());
		}

		@Override
		public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
			return this.lagging.contains(loop) ? 1 : 0;
		}

	}

	/**
	 * A policy that sheds requests in proportion to the amount by which a smoothed lag
	 * exceeds a threshold: as {@code toobusy-js} does, which samples every 500 ms, gives
	 * the latest sample a weight of one third, and rejects all requests at twice the
	 * threshold of 70 ms. It takes the delay of a single timer as the lag of half a
	 * second; here the mean lag of that time is used, which is the expected value of that
	 * delay.
	 */
	private static final class SmoothedPolicy implements SheddingPolicy, LoopPoller {

		private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

		private static final double THRESHOLD_NANOS = Duration.ofMillis(70).toNanos();

		private static final double WEIGHT = 1.0 / 3;

		/** Replaced by the monitor thread, read by event loop threads. */
		private volatile Map<MonitoredLoop, Smoothed> loops = Map.of();

		@Override
		public void onLoops(List<MonitoredLoop> loops) {
			Map<MonitoredLoop, Smoothed> all = new ConcurrentHashMap<>();
			loops.forEach((loop) -> all.put(loop, new Smoothed(loop.view().read(), 0)));
			this.loops = all;
		}

		@Override
		public long poll(long now) {
			this.loops.replaceAll((loop, before) -> {
				LoopReading reading = loop.view().read();
				long elapsed = reading.at() - before.at.at();
				return (elapsed < INTERVAL_NANOS) ? before : new Smoothed(reading,
						WEIGHT * (reading.lagArea() - before.at.lagArea()) / elapsed + (1 - WEIGHT) * before.lagNanos);
			});
			return INTERVAL_NANOS / 5;
		}

		@Override
		public double shareToShed(MonitoredLoop loop, long lagNanos, RequestPriority priority) {
			Smoothed smoothed = this.loops.get(loop);
			return (smoothed != null) ? (smoothed.lagNanos - THRESHOLD_NANOS) / THRESHOLD_NANOS : 0;
		}

		/** The last reading of a loop, and its smoothed lag. */
		private record Smoothed(LoopReading at, double lagNanos) {
		}

	}

}
