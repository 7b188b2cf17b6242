package io.github.eventloop.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * Logs once, when the application is ready, which event loops are measured and where the
 * page is, or what has to be configured to see it.
 */
class StartupLog implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(StartupLog.class);

	private final ApplicationContext context;

	private final EventLoopMonitor monitor;

	private final ObjectProvider<PageLocation> page;

	StartupLog(ApplicationContext context, EventLoopMonitor monitor, ObjectProvider<PageLocation> page) {
		this.context = context;
		this.monitor = monitor;
		this.page = page;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		// The events of child contexts are received as well.
		if (event.getApplicationContext() == this.context && logger.isInfoEnabled()) {
			PageLocation location = this.page.getIfAvailable();
			logger.info(loops(this.monitor.snapshot().loops()) + "; "
					+ ((location != null) ? location.describe() : "no page: Spring Boot Actuator is missing"));
		}
	}

	private static String loops(List<LoopSnapshot> loops) {
		if (loops.isEmpty()) {
			return "No event loop exists yet: those of clients are measured once they connect";
		}
		Map<String, Long> exact = new LinkedHashMap<>();
		Map<String, Long> approximate = new LinkedHashMap<>();
		loops.forEach((loop) -> (loop.approximate() ? approximate : exact).merge(loop.group(), 1L, Long::sum));
		if (exact.isEmpty()) {
			return "Measuring " + describe(approximate) + " approximately";
		}
		return "Measuring " + describe(exact) + " exactly"
				+ (approximate.isEmpty() ? "" : ", " + describe(approximate) + " approximately");
	}

	private static String describe(Map<String, Long> groups) {
		long loops = groups.values().stream().mapToLong(Long::longValue).sum();
		return loops + ((loops == 1) ? " event loop" : " event loops")
				+ groups.entrySet()
					.stream()
					.map((group) -> (groups.size() == 1) ? group.getKey() : group.getKey() + ": " + group.getValue())
					.collect(Collectors.joining(", ", " (", ")"));
	}

}
