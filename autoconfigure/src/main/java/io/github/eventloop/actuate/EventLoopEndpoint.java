package io.github.eventloop.actuate;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

import io.github.eventloop.blocking.BlockingCalls;
import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link WebEndpoint @WebEndpoint} that shows what the event loops do. Actuator calls it
 * on a thread that may block, so that even a large number of loops is not read on one of
 * them.
 *
 * @since 0.1.0
 */
@WebEndpoint(id = "eventloop")
public class EventLoopEndpoint {

	private static final String VIEWS = "There are: history, stalls, hotspots, blocking, loops/{name}, stalls/{id}.";

	private final EventLoopMonitor monitor;

	private final EventLoopHealth health;

	private final StallWatch stalls;

	private final BlockingCalls blocking;

	private final String blockingDetector;

	private final @Nullable Drill drill;

	private final Details details;

	/**
	 * Create an endpoint.
	 * @param monitor what sees the loops
	 * @param health what judges them
	 * @param stalls what explains their stalls
	 * @param blocking what keeps the blocking calls that were seen
	 * @param blockingDetector what sees them; {@code none} if nothing does
	 * @param drill what stalls them on purpose, or {@code null} if nobody may
	 * @param details who is shown what comes from code and requests
	 */
	public EventLoopEndpoint(EventLoopMonitor monitor, EventLoopHealth health, StallWatch stalls,
			BlockingCalls blocking, String blockingDetector, @Nullable Drill drill, Details details) {
		this.monitor = monitor;
		this.health = health;
		this.stalls = stalls;
		this.blocking = blocking;
		this.blockingDetector = blockingDetector;
		this.drill = drill;
		this.details = details;
	}

	/**
	 * Show all loops as they are now.
	 * @return the loops
	 */
	@ReadOperation
	public EventLoopDescriptor eventLoops() {
		Judgement judgement = this.health.judgement();
		return EventLoopDescriptor.of(judgement.status(), judgement.reason(), this.monitor.snapshot());
	}

	/**
	 * Show another view of all loops.
	 * @param reader who asks
	 * @param view {@code history} for what happened second by second, {@code stalls} for
	 * the stalls one by one, {@code hotspots} for the stalls by culprit and cause,
	 * {@code blocking} for the blocking calls by kind and culprit
	 * @param format what to write it in
	 * @return the view, 404 if there is none of that name, or 406 if it is not written in
	 * that format
	 */
	@ReadOperation(producesFrom = ViewFormat.class)
	public WebEndpointResponse<Object> view(SecurityContext reader, @Selector String view, ViewFormat format) {
		return switch (view) {
			case "history" -> json(format, HistoryDescriptor.of(this.monitor.history()));
			case "stalls" -> (format == ViewFormat.COLLAPSED_STACKS) ? collapsedStacks(reader)
					: json(format, StallsDescriptor.of(this.stalls.stalls(), hintFor(reader)));
			case "hotspots" -> json(format, HotspotsDescriptor.of(this.stalls.hotspots(), hintFor(reader)));
			case "blocking" ->
				json(format, BlockingDescriptor.of(this.blockingDetector, this.blocking.list(), hintFor(reader)));
			case "drill" -> problem(404, "A drill is started with POST.");
			default -> problem(404, "There is no view " + Problem.quote(view) + ". " + VIEWS);
		};
	}

	private static WebEndpointResponse<Object> json(ViewFormat format, OperationResponseBody body) {
		if (format == ViewFormat.COLLAPSED_STACKS) {
			return problem(406, "Only the stalls are written as text/plain. Ask for application/json.");
		}
		return new WebEndpointResponse<>(body, format);
	}

	private WebEndpointResponse<Object> collapsedStacks(SecurityContext reader) {
		String hint = hintFor(reader);
		if (hint != null) {
			return problem(403, hint);
		}
		return new WebEndpointResponse<>(CollapsedStacks.of(this.stalls.stalls()), ViewFormat.COLLAPSED_STACKS);
	}

	/**
	 * Show one item of a view.
	 * @param reader who asks
	 * @param view {@code loops} for a single loop, {@code stalls} for a single stall
	 * @param name the name of the item
	 * @return the item, or 404 if there is none of that name
	 */
	@ReadOperation
	public WebEndpointResponse<Object> item(SecurityContext reader, @Selector String view, @Selector String name) {
		return switch (view) {
			case "loops" -> loop(name);
			case "stalls" -> stall(name, hintFor(reader));
			default -> problem(404, "There is no view " + Problem.quote(view + "/{name}") + ". " + VIEWS);
		};
	}

	private WebEndpointResponse<Object> loop(String name) {
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		return snapshot.loop(name)
			.map((loop) -> new WebEndpointResponse<Object>(LoopDescriptor.of(loop)))
			.orElseGet(() -> problem(404, Problem.noSuchLoop(name, snapshot)));
	}

	private WebEndpointResponse<Object> stall(String id, @Nullable String hint) {
		Optional<Stall> stall = this.stalls.stalls()
			.stream()
			.filter((each) -> Long.toString(each.id()).equals(id))
			.findFirst();
		return stall.map((found) -> new WebEndpointResponse<Object>(StallDescriptor.alone(found, hint)))
			.orElseGet(() -> problem(404, "There is no stall " + Problem.quote(id)
					+ ", or it is forgotten. Those that are remembered are listed at stalls."));
	}

	/**
	 * Forget what a view shows, as far as it can be forgotten.
	 * @param view {@code stalls} for all stalls that have ended, and their hotspots
	 * @return 204, or 404 if there is nothing to forget by that name
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> forget(@Selector String view) {
		if (!view.equals("stalls")) {
			return problem(404, Problem.quote(view) + " cannot be deleted. What can be: stalls.");
		}
		this.stalls.clear();
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	/**
	 * Stall a loop on purpose.
	 * @param action {@code drill}
	 * @param millis for how long, from 1 to 10000
	 * @param loop the name of the loop; by default the first that has started and does
	 * not accept connections, or the first if all do
	 * @param kind what it does meanwhile, {@code CPU} or {@code SLEEP}, which is the
	 * default
	 * @return 202 and what was started, 400 if that makes no sense, 404 if drills are off
	 * or there is no such action, or 409 if it cannot be started now
	 */
	@WriteOperation
	public WebEndpointResponse<Object> start(@Selector String action, @Nullable String millis, @Nullable String loop,
			@Nullable String kind) {
		if (!action.equals("drill")) {
			return problem(404,
					"There is nothing to start by the name " + Problem.quote(action) + ". There is: drill.");
		}
		if (this.drill == null) {
			return problem(404, "Drills are off. Set eventloop.drill.enabled=true to allow them.");
		}
		try {
			return start(this.drill, DrillRequest.of(millis, loop, kind, this.monitor.snapshot()));
		}
		catch (IllegalArgumentException ex) {
			return problem(400, String.valueOf(ex.getMessage()));
		}
	}

	private WebEndpointResponse<Object> start(Drill drill, DrillRequest request) {
		MonitoredLoop loop = this.monitor.loop(request.loop()).orElse(null);
		try {
			if (loop != null && drill.start(loop, request.duration(), request.kind())) {
				return new WebEndpointResponse<>(new DrillDescriptor(request.loop(), request.kind(), request.millis()),
						202);
			}
		}
		catch (RejectedExecutionException ex) {
			loop = null;
		}
		return problem(409, (loop != null) ? "A drill is on already. There is one at a time."
				: Problem.quote(request.loop()) + " has ended.");
	}

	private @Nullable String hintFor(SecurityContext reader) {
		return this.details.areShownTo(reader) ? null : this.details.hint();
	}

	private static WebEndpointResponse<Object> problem(int status, String message) {
		return new WebEndpointResponse<>(new Problem(status, message), status, ViewFormat.JSON.getProducedMimeType());
	}

}
