package io.github.eventloop.stall.internal.log;

import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import io.github.eventloop.stall.StallDetector;

/**
 * Destination of log lines, with key-value pairs where the logging system supports them.
 */
interface LogSink {

	/** Name of the logger, whose level users set. */
	String NAME = StallDetector.class.getName();

	/**
	 * Write a warning.
	 * @param message the line
	 * @param fields its parts as key-value pairs, for structured logs
	 */
	void warn(String message, Map<String, Object> fields);

	/**
	 * Write a line that requires no action.
	 * @param message the line
	 * @param fields its parts as key-value pairs, for structured logs
	 */
	void info(String message, Map<String, Object> fields);

	/**
	 * Create the sink of this application. Commons Logging has no key-value pairs, so
	 * SLF4J is used if it is on the class path.
	 * @return the sink
	 */
	static LogSink create() {
		try {
			return Slf4j.create();
		}
		catch (NoClassDefFoundError ex) {
			return new WithoutFields(LogFactory.getLog(NAME));
		}
	}

	/**
	 * Sink that omits the fields.
	 *
	 * @param log the log to write to
	 */
	record WithoutFields(Log log) implements LogSink {

		@Override
		public void warn(String message, Map<String, Object> fields) {
			this.log.warn(message);
		}

		@Override
		public void info(String message, Map<String, Object> fields) {
			this.log.info(message);
		}

	}

	/**
	 * Sink that writes to SLF4J, in a class of its own because SLF4J is optional.
	 *
	 * @param logger the logger to write to
	 */
	record Slf4j(Logger logger) implements LogSink {

		static LogSink create() {
			return new Slf4j(LoggerFactory.getLogger(NAME));
		}

		@Override
		public void warn(String message, Map<String, Object> fields) {
			write(this.logger.atWarn(), message, fields);
		}

		@Override
		public void info(String message, Map<String, Object> fields) {
			write(this.logger.atInfo(), message, fields);
		}

		private static void write(LoggingEventBuilder builder, String message, Map<String, Object> fields) {
			LoggingEventBuilder event = builder;
			for (Map.Entry<String, Object> field : fields.entrySet()) {
				event = event.addKeyValue(field.getKey(), field.getValue());
			}
			event.log(message);
		}

	}

}
