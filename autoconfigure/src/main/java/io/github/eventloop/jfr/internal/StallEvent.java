package io.github.eventloop.jfr.internal;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Stall;

/**
 * Event for a stall that has ended. An event cannot begin in the past, but a stall is
 * recognized only afterwards. The event itself therefore has no duration; the start and
 * the duration of the stall are fields.
 */
@Name(StallEvent.NAME)
@Label("Event Loop Stall")
@Description("A stall of an event loop that has ended: an iteration that was longer than the threshold")
@Category("eventloop")
@StackTrace(false) // It would be that of the monitor thread.
final class StallEvent extends Event {

	static final String NAME = "io.github.eventloop.Stall";

	@Label("Stall Id")
	@Description("Id of the stall, unique within the application context, as in the endpoint")
	long id;

	@Label("Loop")
	@Description("Name of the event loop thread, as in the events of the JVM")
	String loop = "";

	@Label("Group")
	@Description("Group of event loops with the same purpose, such as reactor-http")
	String group = "";

	@Label("Component")
	@Description("Driver that the event loop belongs to, such as lettuce; null if none")
	@Nullable String component;

	@Label("Stall Start")
	@Description("Start of the iteration")
	@Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
	long stallStart;

	@Label("Stall Duration")
	@Description("Duration of the iteration, as recorded by the event loop thread")
	@Timespan
	long stallDuration;

	@Label("Cause")
	@Description("Cause of the stall: COMPUTING, BLOCKING_IO, SLEEPING, WAITING, LOCK, GC, STARVED, FLOOD or UNKNOWN")
	String cause = "";

	@Label("Culprit")
	@Description("Line that caused the stall, in the format of a stack trace; null if there is none")
	@Nullable String culprit;

	@Label("Entry")
	@Description("Outermost frame of the application around the culprit; null if there is none")
	@Nullable String entry;

	@Label("Doing")
	@Description("Innermost framework method that most samples share, if there is no culprit; null if there is one")
	@Nullable String doing;

	@Label("Lock Owner")
	@Description("Name of the thread that held the lock that the event loop waited for; null if there is none")
	@Nullable String lockOwner;

	@Label("Lock Owner At")
	@Description("Line that the lock owner executed for most of the wait; null if not known")
	@Nullable String lockOwnerAt;

	@Label("Route")
	@Description("Template of the route of the request that the loop was executing; null if not known")
	@Nullable String route;

	@Label("Filter")
	@Description("Filter of Spring Cloud Gateway whose code the loop was executing; null if none")
	@Nullable String filter;

	@Label("Trace Id")
	@Description("Id of the trace of that request; null if not traced or not known")
	@Nullable String traceId;

	@Label("Peer")
	@Description("Host and port of the server whose response the event loop was handling; null if none")
	@Nullable String peer;

	@Label("In-Flight Requests")
	@Description("Requests that had arrived on the event loop and were not answered")
	int inFlightRequests;

	@Label("CPU Time")
	@Description("Part of the stall in which the event loop thread ran on a CPU")
	@Timespan
	long cpuTime;

	@Label("GC Time")
	@Description("Part of the stall in which the event loop waited for the garbage collector")
	@Timespan
	long gcTime;

	@Label("Starved Time")
	@Description("Part of the stall in which the event loop was ready to run but had no CPU")
	@Timespan
	long starvedTime;

	@Label("Starved By")
	@Description("Reason why the event loop had no CPU, such as a CPU limit; null if not known")
	@Nullable String starvedBy;

	@Label("Events")
	@Description("Ready channels that the event loop handled in the iteration")
	long events;

	@Label("Tasks Started")
	@Description("Tasks and requests that the event loop started in the iteration")
	long tasksStarted;

	@Label("Samples")
	@Description("Number of stack samples that were taken during the stall")
	int samples;

	@Label("Advice")
	@Description("What to do about the stall")
	String advice = "";

	@Label("Stack")
	@Description("Stack of most of the stall, innermost frame first, frames of frameworks folded")
	String stack = "";

	/**
	 * Commit an event for a stall, if a recording has the event enabled.
	 * @param stall the stall
	 */
	static void commit(Stall stall) {
		StallEvent event = new StallEvent();
		if (event.isEnabled()) {
			event.populate(stall);
			event.commit();
		}
	}

	private void populate(Stall stall) {
		this.id = stall.id();
		this.loop = stall.loop();
		this.group = stall.group();
		this.component = stall.component();
		this.stallStart = stall.startedAt().toEpochMilli();
		this.stallDuration = stall.duration().toNanos();
		this.cause = stall.cause().name();
		this.culprit = text(stall.code().culprit());
		this.entry = text(stall.code().entry());
		this.doing = text(stall.code().doing());
		if (stall.code().lockOwner() != null) {
			this.lockOwner = stall.code().lockOwner().threadName();
			this.lockOwnerAt = text(stall.code().lockOwner().at());
		}
		this.route = stall.requests().route();
		this.filter = stall.requests().filter();
		this.traceId = stall.requests().traceId();
		this.peer = stall.requests().peer();
		this.inFlightRequests = stall.requests().inFlight();
		this.cpuTime = stall.times().cpuNanos();
		this.gcTime = stall.times().gcNanos();
		this.starvedTime = stall.times().starvedNanos();
		this.starvedBy = stall.times().starvedBy();
		this.events = stall.work().events();
		this.tasksStarted = stall.work().tasksStarted();
		this.samples = stall.samples().count();
		this.advice = stall.advice();
		this.stack = String.join("\n", stall.samples().stack());
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

}
