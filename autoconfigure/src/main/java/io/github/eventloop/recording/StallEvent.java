package io.github.eventloop.recording;

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
 * A stall as a recording shows it. An event cannot be given a beginning in the past, and
 * a stall is known for one only later: so the event itself has no length, and carries
 * that of the stall in fields.
 */
@Name(StallEvent.NAME)
@Label("Event Loop Stall")
@Description("A stall of an event loop that has ended: one iteration longer than the threshold")
@Category("eventloop")
@StackTrace(false) // Of the thread that watches, that is.
final class StallEvent extends Event {

	static final String NAME = "io.github.eventloop.Stall";

	@Label("Stall Id")
	@Description("Tells the stall from all others of the process, as in the endpoint")
	long id;

	@Label("Loop")
	@Description("Name of the loop's thread, as in the JVM's own events")
	String loop = "";

	@Label("Group")
	@Description("What the loops of one purpose have in common, such as reactor-http")
	String group = "";

	@Label("Stall Start")
	@Description("When the iteration began")
	@Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
	long stallStart;

	@Label("Stall Duration")
	@Description("How long it took, as the loop itself noted")
	@Timespan
	long stallDuration;

	@Label("Cause")
	@Description("Why: COMPUTING, BLOCKING_IO, SLEEPING, WAITING, LOCK, GC, STARVED, FLOOD or UNKNOWN")
	String cause = "";

	@Label("Culprit")
	@Description("Line to blame, as a stack trace shows it; null if there is none")
	@Nullable String culprit;

	@Label("Entry")
	@Description("Outermost frame of the application around the culprit; null if there is none")
	@Nullable String entry;

	@Label("Doing")
	@Description("Innermost framework method that most samples share, if there is no culprit; null if there is one")
	@Nullable String doing;

	@Label("Lock Owner")
	@Description("Name of the thread that held the lock the loop waited for; null if that was not it")
	@Nullable String lockOwner;

	@Label("Lock Owner At")
	@Description("Line that this thread was in; null if there is none to name")
	@Nullable String lockOwnerAt;

	@Label("Route")
	@Description("Template of the route of the request that the loop was executing; null if not known")
	@Nullable String route;

	@Label("Trace Id")
	@Description("Id of the trace of that request; null if not traced or not known")
	@Nullable String traceId;

	@Label("In-Flight Requests")
	@Description("Requests that had arrived on the loop and were not answered")
	int inFlightRequests;

	@Label("CPU Time")
	@Description("For how much of the stall the loop's thread had a CPU")
	@Timespan
	long cpuTime;

	@Label("GC Time")
	@Description("For how much of the stall the loop waited for the garbage collector")
	@Timespan
	long gcTime;

	@Label("Starved Time")
	@Description("For how much of the stall the loop was ready to run but had no CPU")
	@Timespan
	long starvedTime;

	@Label("Starved By")
	@Description("What kept the CPUs from the loop, such as a CPU limit; null if not known")
	@Nullable String starvedBy;

	@Label("Events")
	@Description("Ready channels that the loop handled in the iteration")
	long events;

	@Label("Steps")
	@Description("Tasks and requests that the loop began with in the iteration")
	long steps;

	@Label("Samples")
	@Description("How often the loop was looked at during the stall")
	int samples;

	@Label("Advice")
	@Description("What to do about it, in a sentence")
	String advice = "";

	@Label("Stack")
	@Description("Stack for the most of the stall, innermost line first, frames of frameworks folded")
	String stack = "";

	/**
	 * Write a stall into the recordings that run and want to know.
	 * @param stall the stall
	 */
	static void commit(Stall stall) {
		StallEvent event = new StallEvent();
		if (event.isEnabled()) {
			event.take(stall);
			event.commit();
		}
	}

	private void take(Stall stall) {
		this.id = stall.id();
		this.loop = stall.loop();
		this.group = stall.group();
		this.stallStart = stall.startedAt().toEpochMilli();
		this.stallDuration = stall.duration().toNanos();
		this.cause = stall.cause().name();
		this.culprit = text(stall.culprit());
		this.entry = text(stall.entry());
		this.doing = text(stall.doing());
		if (stall.lockOwner() != null) {
			this.lockOwner = stall.lockOwner().threadName();
			this.lockOwnerAt = text(stall.lockOwner().at());
		}
		this.route = stall.route();
		this.traceId = stall.traceId();
		this.inFlightRequests = stall.inFlightRequests();
		this.cpuTime = stall.cpuNanos();
		this.gcTime = stall.gcNanos();
		this.starvedTime = stall.starvedNanos();
		this.starvedBy = stall.starvedBy();
		this.events = stall.events();
		this.steps = stall.steps();
		this.samples = stall.samples();
		this.advice = stall.advice();
		this.stack = String.join("\n", stall.stack());
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

}
