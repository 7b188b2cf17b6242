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
	 * Return the sink of this application. Commons Logging knows no fields, so they are
	 * handed to SLF4J where it is there.
	 * @return the sink
	 */
	static LogSink create() {
		try {
			return Slf4j.create();
		}
		catch (NoClassDefFoundError ex) {
			Log log = LogFactory.getLog(NAME);
			return (message, fields) -> log.warn(message);
		}
	}

	/**
	 * Apart, because SLF4J may not be there.
	 */
	final class Slf4j {

		private Slf4j() {
		}

		static LogSink create() {
			Logger logger = LoggerFactory.getLogger(NAME);
			return (message, fields) -> {
				LoggingEventBuilder event = logger.atWarn();
				for (Map.Entry<String, Object> field : fields.entrySet()) {
					event = event.addKeyValue(field.getKey(), field.getValue());
				}
				event.log(message);
			};
		}

	}

}
