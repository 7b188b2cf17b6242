package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.EventExecutor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * An instance of a fleet, with a route whose handler sleeps on its event loop, and a
 * route that makes all event loops sleep, regardless of requests.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class FleetApplication {

	/** Time for the answer, before the loops sleep. */
	private static final Duration BEFORE_DISTURBANCE = Duration.ofMillis(100);

	public static void main(String[] arguments) {
		SpringApplication.run(FleetApplication.class, arguments);
	}

	@Bean
	RouterFunction<ServerResponse> routes(ReactorResourceFactory resources) {
		return RouterFunctions.route()
			.GET("/nothing", (request) -> ServerResponse.noContent().build())
			.GET("/sleep/{millis}", (request) -> {
				Pause.of(Duration.ofMillis(Long.parseLong(request.pathVariable("millis"))));
				return ServerResponse.noContent().build();
			})
			.POST("/disturb", (request) -> {
				long end = System.nanoTime() + Duration.ofSeconds(number(request, "seconds")).toNanos();
				Duration sleep = Duration.ofMillis(number(request, "sleep"));
				Duration gap = Duration.ofMillis(number(request, "gap"));
				resources.getLoopResources()
					.onServer(LoopResources.DEFAULT_NATIVE)
					.forEach((loop) -> new Disturbance(loop, sleep, gap, end).scheduleAfter(BEFORE_DISTURBANCE));
				return ServerResponse.noContent().build();
			})
			.build();
	}

	private static long number(ServerRequest request, String parameter) {
		return Long.parseLong(request.queryParam(parameter).orElseThrow());
	}

	/**
	 * A task that makes a loop sleep, with a gap in which the loop handles what has
	 * arrived.
	 *
	 * @param end the time at which it ends, in terms of {@link System#nanoTime()}
	 */
	private record Disturbance(EventExecutor loop, Duration sleep, Duration gap, long end) implements Runnable {

		@SuppressWarnings("FutureReturnValueIgnored") // does not throw
		void scheduleAfter(Duration delay) {
			this.loop.schedule(this, delay.toMillis(), TimeUnit.MILLISECONDS);
		}

		@Override
		public void run() {
			if (System.nanoTime() - this.end < 0) {
				Pause.of(this.sleep);
				scheduleAfter(this.gap);
			}
		}

	}

}
