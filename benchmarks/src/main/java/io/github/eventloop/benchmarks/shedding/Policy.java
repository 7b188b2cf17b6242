package io.github.eventloop.benchmarks.shedding;

import java.util.Locale;

import io.github.eventloop.benchmarks.process.Application;

/**
 * The policies that decide which requests are shed.
 */
enum Policy {

	NONE("none"),

	LAG("ours"),

	ON_OFF("on/off"),

	SMOOTHED("smoothed");

	private final String title;

	Policy(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	Application applyTo(Application application) {
		return application.property("eventloop.shedding.enabled", this != NONE)
			.property("eventloop.shedding.exclude", Overload.OPENING)
			.property("policy", name().toLowerCase(Locale.ROOT).replace('_', '-'));
	}

}
