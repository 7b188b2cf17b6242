package io.github.eventloop.actuate;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.context.annotation.ImportRuntimeHints;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of the {@link EventLoopEndpoint}:
 * the page for a browser, what a request can ask for in detail, and what it can change.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = EventLoopEndpoint.class)
@ImportRuntimeHints(EventLoopEndpointWebExtension.PageRuntimeHints.class)
public class EventLoopEndpointWebExtension {

	private static final String VIEWS = "There are: history, stalls, hotspots, blocking, live, loops/{name}, stalls/{id}.";

	/** As ids are written: an item has one address. */
	private static final Pattern ID = Pattern.compile("[1-9]\\d{0,17}");

	private final EventLoopEndpoint endpoint;

	private final EventLoopMonitor monitor;

	private final StallWatch stalls;

	private final @Nullable Drill drill;

	/**
	 * Create an extension.
	 * @param endpoint what it extends
	 * @param monitor what sees the loops
	 * @param stalls what explains their stalls
	 * @param drill what stalls them on purpose, or {@code null} if nobody may
	 */
	public EventLoopEndpointWebExtension(EventLoopEndpoint endpoint, EventLoopMonitor monitor, StallWatch stalls,
			@Nullable Drill drill) {
		this.endpoint = endpoint;
		this.monitor = monitor;
		this.stalls = stalls;
		this.drill = drill;
	}

	/**
	 * Show all loops as they are now.
	 * @param format what to write it in
	 * @return the loops, or the page that shows them
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public WebEndpointResponse<Object> eventLoops(OverviewFormat format) {
		return new WebEndpointResponse<>((format == OverviewFormat.PAGE) ? LivePage.html() : this.endpoint.eventLoops(),
				format);
	}

	/**
	 * Show another view of all loops, or one item of a view. One operation for both:
	 * WebFlux compares each request that arrives on the port with each operation.
	 * @param reader who asks
	 * @param path {@code history} for what happened second by second, {@code stalls} for
	 * the stalls one by one, {@code hotspots} for the stalls by culprit and cause,
	 * {@code blocking} for the blocking calls by kind and culprit, {@code live} for what
	 * is new since the reader asked last; {@code loops} and a name for a single loop,
	 * {@code stalls} and an id for a single stall
	 * @param after for {@code history} and {@code live}, the end of the newest second
	 * that the reader knows of, in milliseconds since 1970; all of them by default
	 * @param position for {@code live}, the position of the stalls that the reader knows
	 * of; all of them by default
	 * @param format what to write it in
	 * @return the view or the item, 400 if {@code after} or {@code position} is not a
	 * number, 404 if there is none of that name, or 406 if it is not written in that
	 * format
	 */
	@ReadOperation(producesFrom = ViewFormat.class)
	public WebEndpointResponse<Object> view(SecurityContext reader,
			@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String after, @Nullable String position,
			ViewFormat format) {
		// Parameters called like it may take its place, without a value too.
		if (path.length > 2 || Arrays.stream(path).anyMatch(Objects::isNull)) {
			return noSuchView(String.join("/", path));
		}
		if (path.length == 2) {
			return item(reader, path[0], path[1], format);
		}
		if (path.length == 0) {
			// All loops, which are shown by another operation in all formats but this.
			return (format == ViewFormat.COLLAPSED_STACKS) ? notAsText() : noSuchView("");
		}
		Long afterMillis;
		Long known;
		try {
			afterMillis = number("after", after);
			known = number("position", position);
		}
		catch (IllegalArgumentException ex) {
			return problem(400, String.valueOf(ex.getMessage()));
		}
		return view(reader, path[0], afterMillis, known, format);
	}

	private WebEndpointResponse<Object> view(SecurityContext reader, String view, @Nullable Long after,
			@Nullable Long position, ViewFormat format) {
		return switch (view) {
			case "history" -> json(format, this.endpoint.history(after));
			case "stalls" -> (format == ViewFormat.COLLAPSED_STACKS) ? collapsedStacks(reader)
					: json(format, this.endpoint.stalls(reader));
			case "hotspots" -> json(format, this.endpoint.hotspots(reader));
			case "blocking" -> json(format, this.endpoint.blocking(reader));
			case "live" -> json(format, this.endpoint.live(reader, after, position));
			case "drill" -> problem(404, "A drill is started with POST.");
			default -> noSuchView(view);
		};
	}

	private static WebEndpointResponse<Object> noSuchView(String path) {
		return problem(404, "There is no view " + Problem.quote(path) + ". " + VIEWS);
	}

	private static @Nullable Long number(String name, @Nullable String value) {
		try {
			return (value != null) ? Long.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(
					"'%s' must be a whole number, as the answer before this one has it, but is %s.".formatted(name,
							Problem.quote(value)),
					ex);
		}
	}

	private static WebEndpointResponse<Object> json(ViewFormat format, OperationResponseBody body) {
		return (format == ViewFormat.COLLAPSED_STACKS) ? notAsText() : new WebEndpointResponse<>(body, format);
	}

	private static WebEndpointResponse<Object> notAsText() {
		return problem(406, "Only the stalls are written as text/plain. Ask for application/json.");
	}

	private WebEndpointResponse<Object> collapsedStacks(SecurityContext reader) {
		String hint = this.endpoint.hintFor(reader);
		if (hint != null) {
			return problem(403, hint);
		}
		return new WebEndpointResponse<>(CollapsedStacks.of(this.stalls.stalls()), ViewFormat.COLLAPSED_STACKS);
	}

	private WebEndpointResponse<Object> item(SecurityContext reader, String view, String name, ViewFormat format) {
		return switch (view) {
			case "loops" -> loop(name, format);
			case "stalls" -> stall(name, this.endpoint.hintFor(reader), format);
			default -> noSuchView(view + "/{name}");
		};
	}

	private WebEndpointResponse<Object> loop(String name, ViewFormat format) {
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		return snapshot.loop(name)
			.map((loop) -> json(format, LoopDescriptor.of(loop)))
			.orElseGet(() -> problem(404, Problem.noSuchLoop(name, snapshot)));
	}

	private WebEndpointResponse<Object> stall(String id, @Nullable String hint, ViewFormat format) {
		Optional<Stall> stall = ID.matcher(id).matches() ? this.stalls.stall(Long.parseLong(id)) : Optional.empty();
		return stall.map((found) -> json(format, StallDescriptor.alone(found, hint)))
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
		DrillRequest request;
		try {
			request = DrillRequest.of(millis, loop, kind, this.monitor.snapshot());
		}
		catch (IllegalArgumentException ex) {
			return problem(400, String.valueOf(ex.getMessage()));
		}
		return start(this.drill, request);
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

	private static WebEndpointResponse<Object> problem(int status, String message) {
		return new WebEndpointResponse<>(new Problem(status, message), status, ViewFormat.JSON.getProducedMimeType());
	}

	/**
	 * The parts of the page.
	 */
	static class PageRuntimeHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/github/eventloop/actuate/page/**");
		}

	}

}
