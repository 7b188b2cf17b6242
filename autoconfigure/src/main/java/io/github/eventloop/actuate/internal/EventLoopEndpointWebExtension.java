package io.github.eventloop.actuate.internal;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import reactor.core.publisher.Mono;

import io.github.eventloop.jfr.internal.CaptureFiles;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of the {@link EventLoopEndpoint}
 * that adds the page for a browser, the views, and operations that change something.
 * Responds on a dedicated thread, and not on the {@code boundedElastic} scheduler, where
 * Actuator calls operations that do not return a {@link Mono}: that may be exhausted.
 */
@EndpointWebExtension(endpoint = EventLoopEndpoint.class)
public class EventLoopEndpointWebExtension implements DisposableBean {

	/** Canonical form of ids only, so that each item has exactly one URL. */
	private static final Pattern ID = Pattern.compile("[1-9]\\d{0,17}");

	private static final String DIAGNOSIS = "diagnosis";

	private static final String HISTORY = "history";

	private static final String LIVE = "live";

	private static final Set<String> SHARED = Set.of(DIAGNOSIS, HISTORY, LIVE);

	private final EventLoopEndpoint endpoint;

	private final EndpointViews views;

	private final EventLoopMonitor monitor;

	private final StallDetector stalls;

	private final @Nullable Drill drill;

	private final CaptureAnswers captures;

	private final EndpointAnswers answers;

	/**
	 * Create an extension.
	 * @param endpoint the endpoint to extend
	 * @param monitor the monitor of the loops
	 * @param stalls the detector of stalls
	 * @param drill stalls loops on purpose, or {@code null} if drills are disabled
	 * @param captures the captures, or {@code null} if none are written
	 * @param encoder encodes answers as JSON so that several requests can share them, or
	 * {@code null} to leave that to the codecs of the application
	 */
	public EventLoopEndpointWebExtension(EventLoopEndpoint endpoint, EventLoopMonitor monitor, StallDetector stalls,
			@Nullable Drill drill, @Nullable CaptureFiles captures,
			@Nullable Function<OperationResponseBody, byte[]> encoder) {
		this.endpoint = endpoint;
		this.views = endpoint.views();
		this.monitor = monitor;
		this.stalls = stalls;
		this.drill = drill;
		this.captures = new CaptureAnswers(captures);
		this.answers = new EndpointAnswers(encoder);
	}

	/**
	 * Return the current state of all loops.
	 * @param format the media type of the response
	 * @return the loops, or the page that shows them
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public Mono<WebEndpointResponse<Object>> eventLoops(OverviewFormat format) {
		return this.answers.create(() -> new WebEndpointResponse<>(
				(format == OverviewFormat.PAGE) ? LivePage.bytes() : this.endpoint.eventLoops(), format));
	}

	/**
	 * Return a view, or one item of a view. A single operation for both, as WebFlux
	 * matches each request that arrives on the port against each operation.
	 * @param reader the security context of the request
	 * @param path {@code diagnosis} for what is wrong, as Markdown if that is accepted,
	 * {@code history} for the measurements of each second, {@code stalls} for the
	 * individual stalls, {@code hotspots} for the stalls by culprit and cause,
	 * {@code blocking} for the blocking calls by kind and culprit, {@code captures} for
	 * the flight recordings that were written, {@code live} for what is new since the
	 * previous request; {@code loops} and a name for a single loop, {@code stalls} and an
	 * id for a single stall, {@code captures} and a name for a flight recording
	 * @param after for {@code history} and {@code live}, the end of the newest second
	 * that the reader has received, in milliseconds since 1970; by default all seconds
	 * are returned
	 * @param position for {@code live}, the position of the stalls that the reader has
	 * received; by default all stalls are returned
	 * @param format the media type of the response
	 * @return the view or the item, 400 if {@code after} or {@code position} is not a
	 * number, 404 if there is no such view or item, or 406 if it is not available in that
	 * format
	 */
	@ReadOperation(producesFrom = ViewFormat.class)
	public Mono<WebEndpointResponse<Object>> view(SecurityContext reader,
			@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String after, @Nullable String position,
			ViewFormat format) {
		return Mono.deferContextual((context) -> {
			String hint = this.views.hintFor(reader, LocalReaders.isLocal(context));
			Supplier<WebEndpointResponse<Object>> view = () -> view(hint, path, after, position, format);
			return isShared(path) ? this.answers.share(new SharedRequest(path[0], hint, after, position, format), view)
					: this.answers.create(view);
		});
	}

	/** Return whether many readers may request a view at the same time. */
	private static boolean isShared(String[] path) {
		return path.length == 1 && SHARED.contains(path[0]);
	}

	/**
	 * Return whether {@link #poll} can respond: whether what a reader may see does not
	 * depend on who it is.
	 */
	boolean respondsToPolls() {
		return this.answers.areEncoded() && !this.views.detailsDependOnReader();
	}

	/**
	 * Return the view {@code live} as encoded JSON.
	 * @param local whether the request was made on a developer's own machine
	 * @param after the end of the newest second that the reader has received
	 * @param position the position of the stalls that the reader has received
	 * @return the view, or an error
	 */
	Mono<WebEndpointResponse<Object>> poll(boolean local, @Nullable String after, @Nullable String position) {
		String hint = this.views.hintFor(SecurityContext.NONE, local);
		String[] path = { LIVE };
		return this.answers.share(new SharedRequest(LIVE, hint, after, position, ViewFormat.JSON),
				() -> view(hint, path, after, position, ViewFormat.JSON));
	}

	private WebEndpointResponse<Object> view(@Nullable String hint, String[] path, @Nullable String after,
			@Nullable String position, ViewFormat format) {
		// Query parameters of the same name replace the path, possibly with null.
		if (path.length > 2 || Arrays.stream(path).anyMatch(Objects::isNull)) {
			return noSuchView(path);
		}
		if (path.length == 2) {
			return item(hint, path, format);
		}
		if (path.length == 0) {
			// The overview, which another operation returns in all formats but this one.
			return format.isJson() ? noSuchView(path) : Problem.notAvailable(format);
		}
		Long afterMillis;
		Long knownPosition;
		try {
			afterMillis = number("after", after);
			knownPosition = number("position", position);
		}
		catch (IllegalArgumentException ex) {
			return Problem.response(400, String.valueOf(ex.getMessage()));
		}
		return switch (path[0]) {
			case DIAGNOSIS -> diagnosis(hint, format);
			case HISTORY -> json(format, () -> HistoryDescriptor.of(this.views.history(afterMillis), Extent.of(hint)));
			case "stalls" -> (format == ViewFormat.COLLAPSED_STACKS) ? collapsedStacks(hint)
					: json(format, () -> this.views.stalls(hint));
			case "hotspots" -> json(format, () -> this.views.hotspots(hint));
			case "blocking" -> json(format, () -> this.views.blocking(hint));
			case Views.CAPTURES -> this.captures.list(hint, format);
			case LIVE -> json(format, () -> this.views.live(afterMillis, knownPosition, hint));
			default -> noSuchView(path);
		};
	}

	private WebEndpointResponse<Object> diagnosis(@Nullable String hint, ViewFormat format) {
		if (format != ViewFormat.MARKDOWN && !format.isJson()) {
			return Problem.notAvailable(format);
		}
		FindingsDescriptor findings = this.views.diagnosis(hint);
		return new WebEndpointResponse<>((format == ViewFormat.MARKDOWN) ? FindingsMarkdown.of(findings) : findings,
				format);
	}

	private static WebEndpointResponse<Object> noSuchView(String... path) {
		return Problem.response(404, Views.notFound(String.join("/", path)));
	}

	private static @Nullable Long number(String name, @Nullable String value) {
		try {
			return (value != null) ? Long.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(
					"'%s' must be a whole number, taken from the previous response, but is %s.".formatted(name,
							Problem.quote(value)),
					ex);
		}
	}

	private static WebEndpointResponse<Object> json(ViewFormat format, Supplier<Object> body) {
		return format.isJson() ? new WebEndpointResponse<>(body.get(), format) : Problem.notAvailable(format);
	}

	private WebEndpointResponse<Object> collapsedStacks(@Nullable String hint) {
		if (hint != null) {
			return Problem.response(403, hint);
		}
		return new WebEndpointResponse<>(CollapsedStacks.of(this.stalls.stalls()), ViewFormat.COLLAPSED_STACKS);
	}

	private WebEndpointResponse<Object> item(@Nullable String hint, String[] path, ViewFormat format) {
		return switch (path[0]) {
			case "loops" -> loop(path[1], format);
			case "stalls" -> stall(path[1], hint, format);
			case Views.CAPTURES -> this.captures.file(path[1], hint);
			default -> noSuchView(path);
		};
	}

	private WebEndpointResponse<Object> loop(String name, ViewFormat format) {
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		return snapshot.loop(name)
			.map((loop) -> json(format, () -> LoopDescriptor.of(loop, snapshot.acceptsConnections())))
			.orElseGet(() -> Problem.response(404, Problem.noSuchLoop(name, snapshot)));
	}

	private WebEndpointResponse<Object> stall(String id, @Nullable String hint, ViewFormat format) {
		Optional<Stall> stall = ID.matcher(id).matches() ? this.stalls.stall(Long.parseLong(id)) : Optional.empty();
		return stall.map((found) -> json(format, () -> StallDescriptor.alone(found, hint)))
			.orElseGet(() -> Problem.response(404, "There is no stall " + Problem.quote(id)
					+ ", or it is no longer retained. The view 'stalls' lists all that are."));
	}

	/**
	 * Delete the data of a view.
	 * @param view {@code stalls} for all stalls that have ended, and their hotspots
	 * @return 204, or 404 if the view cannot be deleted
	 */
	@DeleteOperation
	public Mono<WebEndpointResponse<Object>> forget(@Selector String view) {
		return this.answers.create(() -> forgetView(view));
	}

	private WebEndpointResponse<Object> forgetView(String view) {
		if (!view.equals("stalls")) {
			return Problem.response(404, Problem.quote(view) + " cannot be deleted. Only stalls can be deleted.");
		}
		this.stalls.clear();
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	/**
	 * Stall a loop on purpose.
	 * @param action {@code drill}
	 * @param millis the duration, from 1 to 10000
	 * @param loop the name of the loop; by default the first started loop that is not
	 * external and does not accept connections, or else the first started loop
	 * @param kind what the loop does during the stall, {@code CPU} or {@code SLEEP},
	 * which is the default
	 * @return 202 and what was started, 400 if a parameter is invalid, 404 if drills are
	 * disabled or there is no such action, or 409 if the drill cannot be started now
	 */
	@WriteOperation
	public Mono<WebEndpointResponse<Object>> start(@Selector String action, @Nullable String millis,
			@Nullable String loop, @Nullable String kind) {
		return this.answers.create(() -> startAction(action, millis, loop, kind));
	}

	private WebEndpointResponse<Object> startAction(String action, @Nullable String millis, @Nullable String loop,
			@Nullable String kind) {
		if (!action.equals(Views.DRILL)) {
			return Problem.response(404, "There is no action " + Problem.quote(action) + ". Available actions: drill.");
		}
		if (this.drill == null) {
			return Problem.response(404, Views.DRILLS_ARE_OFF);
		}
		DrillRequest request;
		try {
			request = DrillRequest.of(millis, loop, kind, this.monitor.snapshot());
		}
		catch (IllegalArgumentException ex) {
			return Problem.response(400, String.valueOf(ex.getMessage()));
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
		return Problem.response(409, (loop != null) ? "A drill is already running. Only one can run at a time."
				: "Event loop " + Problem.quote(request.loop()) + " has ended.");
	}

	@Override
	public void destroy() {
		this.answers.close();
	}

	/**
	 * Everything that the answer to a request for a shared view depends on.
	 *
	 * @param view the name of the view
	 * @param hint how to see details, or {@code null} if the reader is shown them
	 * @param after the parameter {@code after}
	 * @param position the parameter {@code position}
	 * @param format the media type of the response
	 */
	private record SharedRequest(String view, @Nullable String hint, @Nullable String after, @Nullable String position,
			ViewFormat format) {
	}

}
