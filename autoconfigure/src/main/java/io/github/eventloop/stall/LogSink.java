package io.github.eventloop.stall;

import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Where lines are written to.
 */
interface LogSink {

	/** What users know: the level of this logger is what they set. */
	String NAME = StallWatch.class.getName();

	/**
	 * Write a warning.
	 * @param message the line
	 * @param fields its parts, for logs that are read by machines
	 */
	void warn(String message, Map<String, Object> fields);

	/**
	 * Write what needs no action.
	 * @param message the line
	 * @param fields its parts, for logs that are read by machines
	 */
	void info(String message, Map<String, Object> fields);

	/**
	 * Return the sink of this application. Commons Logging knows no fields, so they are
	 * handed to SLF4J where it is there.
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
	 * Leaves the fields out.
	 *
	 * @param log where lines are written to
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
	 * Apart, because SLF4J may not be there.
	 *
	 * @param logger where lines are written to
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
