package io.github.eventloop.stall.internal.log;

import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogSink}.
 */
class LogSinkTests {

	@Test
	void whenSlf4jIsPresentShouldPassFieldsAsKeyValuePairs() {
		Logger logger = (Logger) LoggerFactory.getLogger(LogSink.NAME);
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		try {
			LogSink.create().warn("a line", Map.of("eventloop.loop", "loop-1"));
			LogSink.create().info("another", Map.of());
		}
		finally {
			logger.detachAppender(appender);
		}
		assertThat(appender.list).satisfiesExactly((event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.WARN);
			assertThat(event.getFormattedMessage()).isEqualTo("a line");
			assertThat(event.getKeyValuePairs()).singleElement().satisfies((pair) -> {
				assertThat(pair.key).isEqualTo("eventloop.loop");
				assertThat(pair.value).isEqualTo("loop-1");
			});
		}, (event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.INFO);
			assertThat(event.getFormattedMessage()).isEqualTo("another");
		});
	}

}
