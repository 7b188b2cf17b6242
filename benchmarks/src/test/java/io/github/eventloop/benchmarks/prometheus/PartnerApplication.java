package io.github.eventloop.benchmarks.prometheus;

import java.time.Duration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.netty.resources.LoopResources;

import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * An application with separate loops for the client of a partner, which end before the
 * application does.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class PartnerApplication {

	public static void main(String[] arguments) {
		SpringApplication.run(PartnerApplication.class, arguments);
	}

	@Bean(destroyMethod = "dispose")
	MonitoredLoopResources partnerLoops() {
		MonitoredLoopResources loops = MonitoredLoopResources.builder("partner").workerCount(1).build();
		// The thread of a loop is started by its first task.
		loops.onClient(LoopResources.DEFAULT_NATIVE).next().execute(() -> {
		});
		return loops;
	}

	@Bean
	RouterFunction<ServerResponse> routes(MonitoredLoopResources partnerLoops) {
		return RouterFunctions.route()
			.GET("/partner/end",
					(request) -> partnerLoops.disposeLater(Duration.ZERO, Duration.ofSeconds(1))
						.then(ServerResponse.noContent().build()))
			.build();
	}

}
