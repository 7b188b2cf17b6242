package io.github.eventloop.autoconfigure;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a server and the {@link WebClient}s of Spring Boot share monitored loops.
 */
class LoopSharingIntegrationTests {

	@Test
	void serverAndWebClientShouldShareLoops() {
		try (ConfigurableApplicationContext context = BlockableApplication.run()) {
			// Repeated, because the loop could be the expected one by chance.
			for (int i = 0; i < 5; i++) {
				Visitor visitor = Visitor.of(context);
				assertThat(visitor.get("/loop-after-call").body()).isEqualTo(visitor.loop());
			}
			List<LoopSnapshot> loops = context.getBean(EventLoopMonitor.class).snapshot().loops();
			assertThat(loops).extracting(LoopSnapshot::group).containsOnly("reactor-http");
			assertThat(loops).flatExtracting(LoopSnapshot::roles)
				.contains(LoopRole.ACCEPTOR, LoopRole.SERVER, LoopRole.CLIENT);
			assertThat(loops).filteredOn((loop) -> loop.roles().contains(LoopRole.CLIENT))
				.allMatch((loop) -> loop.roles().contains(LoopRole.SERVER));
		}
	}

}
