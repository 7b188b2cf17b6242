package io.github.eventloop.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
import org.springframework.context.annotation.ImportRuntimeHints;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import io.github.eventloop.monitor.EventLoopHistory;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.monitor.MonitoredThread;
import io.github.eventloop.stall.Drill;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallChanges;
import io.github.eventloop.stall.StallWatch;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of the {@link EventLoopEndpoint}:
 * the page for a browser, what a request can ask for in detail, and what it can change.
 * Answers on a thread of its own, and not on the {@code boundedElastic} scheduler, where
 * Actuator calls operations that do not return a {@link Mono}: that may be exhausted.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = EventLoopEndpoint.class)
@ImportRuntimeHints(LivePage.PageRuntimeHints.class)
public class EventLoopEndpointWebExtension implements DisposableBean {

	/** As ids are written: an item has one address. */
	private static final Pattern ID = Pattern.compile("[1-9]\\d{0,17}");

	private final EventLoopEndpoint endpoint;

	private final EventLoopMonitor monitor;

	private final StallWatch stalls;

	private final @Nullable Drill drill;

	private final Function<OperationResponseBody, Object> encoder;

	private final SharedAnswers shared = new SharedAnswers(System::nanoTime);

	private final EndpointThread thread = new EndpointThread();

	/**
	 * Create an extension.
	 * @param endpoint the endpoint that it extends
	 * @param monitor the monitor of the loops
	 * @param stalls the stalls of the loops
	 * @param drill stalls loops on purpose, or {@code null} if that is not allowed
	 * @param encoder writes answers as JSON that several requests share, or returns them
	 * as they are
	 */
	public EventLoopEndpointWebExtension(EventLoopEndpoint endpoint, EventLoopMonitor monitor, StallWatch stalls,
			@Nullable Drill drill, Function<OperationResponseBody, Object> encoder) {
		this.endpoint = endpoint;
		this.monitor = monitor;
		this.stalls = stalls;
		this.drill = drill;
		this.encoder = encoder;
	}

	/**
	 * Show all loops as they are now.
	 * @param format what to write it in
	 * @return the loops, or the page that shows them
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public Mono<WebEndpointResponse<Object>> eventLoops(OverviewFormat format) {
		return answer(() -> new WebEndpointResponse<>(
				(format == OverviewFormat.PAGE) ? LivePage.bytes() : this.endpoint.eventLoops(), format));
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
	public Mono<WebEndpointResponse<Object>> view(SecurityContext reader,
			@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String after, @Nullable String position,
			ViewFormat format) {
		return Mono.deferContextual((context) -> {
			String hint = this.endpoint.hintFor(reader, EventLoopEndpointWebFilter.isLocal(context));
			return answer(() -> view(hint, path, after, position, format));
		});
	}

	/**
	 * Make an answer and write it as JSON on the endpoint's own thread. Only the bytes
	 * are handed back to the loop of the request, because Reactor Netty may lose the
	 * request after the next one if another thread sends a response.
	 */
	private Mono<WebEndpointResponse<Object>> answer(Supplier<WebEndpointResponse<Object>> answer) {
		return Mono.defer(() -> {
			Mono<WebEndpointResponse<Object>> encoded = this.thread.answer(() -> encode(answer.get()))
				.onErrorResume(RejectedExecutionException.class, (ex) -> Mono.just(Problem.response(503,
						"Too many requests for this endpoint are waiting: repeat the request later.")));
			return (Thread.currentThread() instanceof MonitoredThread monitored)
					? encoded.flatMap((response) -> onLoop(monitored.loop(), response)) : encoded;
		});
	}

	private WebEndpointResponse<Object> encode(WebEndpointResponse<Object> response) {
		Object body = response.getBody();
		if (body instanceof OperationResponseBody json) {
			body = this.encoder.apply(json);
		}
		else if (body instanceof String text) {
			body = text.getBytes(StandardCharsets.UTF_8);
		}
		return new WebEndpointResponse<>(body, response.getStatus(), response.getContentType());
	}

	private static Mono<WebEndpointResponse<Object>> onLoop(MonitoredLoop loop, WebEndpointResponse<Object> response) {
		Mono<WebEndpointResponse<Object>> encoded = Mono.just(response);
		return (response.getBody() instanceof OperationResponseBody) ? encoded
				: encoded.publishOn(Schedulers.fromExecutor(loop::execute));
	}

	private WebEndpointResponse<Object> view(@Nullable String hint, String[] path, @Nullable String after,
			@Nullable String position, ViewFormat format) {
		// Query parameters of the same name replace the path, even without a value.
		if (path.length > 2 || Arrays.stream(path).anyMatch(Objects::isNull)) {
			return noSuchView(path);
		}
		if (path.length == 2) {
			return item(hint, path, format);
		}
		if (path.length == 0) {
			// All loops, which are shown by another operation in all formats but this.
			return (format == ViewFormat.COLLAPSED_STACKS) ? notAsText() : noSuchView(path);
		}
		Long afterMillis;
		Long known;
		try {
			afterMillis = number("after", after);
			known = number("position", position);
		}
		catch (IllegalArgumentException ex) {
			return Problem.response(400, String.valueOf(ex.getMessage()));
		}
		return switch (path[0]) {
			case "history" -> json(format, () -> history(hint, afterMillis));
			case "stalls" -> (format == ViewFormat.COLLAPSED_STACKS) ? collapsedStacks(hint)
					: json(format, () -> this.endpoint.stalls(hint));
			case "hotspots" -> json(format, () -> this.endpoint.hotspots(hint));
			case "blocking" -> json(format, () -> this.endpoint.blocking(hint));
			case "live" -> json(format, () -> live(hint, afterMillis, known));
			default -> noSuchView(path);
		};
	}

	private Object history(@Nullable String hint, @Nullable Long after) {
		Extent extent = Extent.of(hint);
		EventLoopHistory history = this.endpoint.history(after);
		return this.shared.get(List.of("history", extent, seconds(history, extent)),
				() -> this.encoder.apply(HistoryDescriptor.of(history, extent)));
	}

	private Object live(@Nullable String hint, @Nullable Long after, @Nullable Long position) {
		Extent extent = Extent.of(hint);
		EventLoopHistory history = this.endpoint.history(after);
		StallChanges changes = this.endpoint.stallsSince(position);
		return this.shared.get(List.of("live", extent, seconds(history, extent), changes.position(), changes.complete(),
				changes.stalls().size()), () -> this.encoder.apply(this.endpoint.live(history, changes, hint)));
	}

	/**
	 * Return what identifies the seconds that are shown: many parameters select the same.
	 */
	private static List<Long> seconds(EventLoopHistory history, Extent extent) {
		long[] ends = history.epochMillis();
		return (ends.length > 0) ? List.of(ends[ends.length - 1], (long) HistoryDescriptor.seconds(history, extent))
				: List.of();
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
					"'%s' must be a whole number, as the answer before this one has it, but is %s.".formatted(name,
							Problem.quote(value)),
					ex);
		}
	}

	private static WebEndpointResponse<Object> json(ViewFormat format, Supplier<Object> body) {
		return (format == ViewFormat.COLLAPSED_STACKS) ? notAsText() : new WebEndpointResponse<>(body.get(), format);
	}

	private static WebEndpointResponse<Object> notAsText() {
		return Problem.response(406, "Only the stalls are written as text/plain. Ask for application/json.");
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
			default -> noSuchView(path);
		};
	}

	private WebEndpointResponse<Object> loop(String name, ViewFormat format) {
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		return snapshot.loop(name)
			.map((loop) -> json(format, () -> LoopDescriptor.of(loop)))
			.orElseGet(() -> Problem.response(404, Problem.noSuchLoop(name, snapshot)));
	}

	private WebEndpointResponse<Object> stall(String id, @Nullable String hint, ViewFormat format) {
		Optional<Stall> stall = ID.matcher(id).matches() ? this.stalls.stall(Long.parseLong(id)) : Optional.empty();
		return stall.map((found) -> json(format, () -> StallDescriptor.alone(found, hint)))
			.orElseGet(() -> Problem.response(404, "There is no stall " + Problem.quote(id)
					+ ", or it is forgotten. Those that are remembered are listed at stalls."));
	}

	/**
	 * Forget what a view shows, as far as it can be forgotten.
	 * @param view {@code stalls} for all stalls that have ended, and their hotspots
	 * @return 204, or 404 if there is nothing to forget by that name
	 */
	@DeleteOperation
	public Mono<WebEndpointResponse<Object>> forget(@Selector String view) {
		return answer(() -> forgetView(view));
	}

	private WebEndpointResponse<Object> forgetView(String view) {
		if (!view.equals("stalls")) {
			return Problem.response(404, Problem.quote(view) + " cannot be deleted. What can be: stalls.");
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
	public Mono<WebEndpointResponse<Object>> start(@Selector String action, @Nullable String millis,
			@Nullable String loop, @Nullable String kind) {
		return answer(() -> startAction(action, millis, loop, kind));
	}

	private WebEndpointResponse<Object> startAction(String action, @Nullable String millis, @Nullable String loop,
			@Nullable String kind) {
		if (!action.equals(Views.DRILL)) {
			return Problem.response(404,
					"There is nothing to start by the name " + Problem.quote(action) + ". There is: drill.");
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
		return Problem.response(409, (loop != null) ? "A drill is on already. There is one at a time."
				: Problem.quote(request.loop()) + " has ended.");
	}

	@Override
	public void destroy() {
		this.thread.close();
	}

}
