package io.github.eventloop.sample;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs the first commands to try once the application is ready.
 */
@Component
class Welcome {

	private static final Log logger = LogFactory.getLog(Welcome.class);

	@EventListener
	void welcome(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port");
		logger.info("""
				The shop is open. In a second terminal, try:

				  curl -s http://localhost:%1$s/actuator/eventloop             # the idle event loops
				  curl -s http://localhost:%1$s/offenders/sleep                # blocks one of them
				  curl -s http://localhost:%1$s/actuator/eventloop/hotspots    # shows the line that blocked it
				  curl -s http://localhost:%1$s/                               # all offenders and their cures
				""".formatted(port));
	}

}
