package io.github.eventloop.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopRole;
import io.github.eventloop.monitor.LoopSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that loops are monitored in tests of an application, too, in which Spring Boot
 * does not use the global resources.
 */
@SpringBootTest(classes = BlockableApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "server.address=127.0.0.1", "spring.reactor.netty.shutdown-quiet-period=0s" })
@DirtiesContext // Other tests check for leaked threads.
class SpringBootTestLoopsTests {

	@LocalServerPort
	private int port;

	@Test
	void loopsOfTheTestShouldBeMonitored(@Autowired EventLoopMonitor monitor) {
		Visitor visitor = new Visitor(this.port);
		String name = visitor.loop();
		assertThat(name).startsWith("webflux-http-");
		visitor.block(Duration.ofMillis(200));
		LoopSnapshot loop = monitor.snapshot().loop(name).orElseThrow();
		assertThat(loop.group()).isEqualTo("webflux-http");
		assertThat(loop.roles()).contains(LoopRole.SERVER);
		assertThat(loop.lag().maxNanos()).isGreaterThan(Duration.ofMillis(150).toNanos());
	}

}
