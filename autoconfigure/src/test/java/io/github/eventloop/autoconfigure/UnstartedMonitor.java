package io.github.eventloop.autoconfigure;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;

/**
 * Monitor that is never started, so that listeners only receive the seconds of a test.
 */
class UnstartedMonitor extends EventLoopMonitor {

	UnstartedMonitor() {
		this(MonitorSettings.DEFAULT);
	}

	UnstartedMonitor(MonitorSettings settings) {
		super(settings);
	}

	@Override
	public void start() {
	}

}
