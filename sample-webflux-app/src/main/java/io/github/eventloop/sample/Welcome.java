package io.github.eventloop.sample;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Tells a newcomer at start which three lines to try.
 */
@Component
class Welcome {

	private static final Log logger = LogFactory.getLog(Welcome.class);

	@EventListener
	void welcome(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port");
		logger.info("""
				The shop is open. In a second terminal, try:

				  curl -s http://localhost:%1$s/actuator/eventloop             # the event loops at rest
				  curl -s http://localhost:%1$s/offenders/sleep                # holds one up
				  curl -s http://localhost:%1$s/actuator/eventloop/hotspots    # names the line
				  curl -s http://localhost:%1$s/                               # every offender beside its cure
				""".formatted(port));
	}

}
