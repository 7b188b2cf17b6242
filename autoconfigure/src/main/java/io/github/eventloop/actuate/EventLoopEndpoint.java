package io.github.eventloop.actuate;

import java.util.stream.Collectors;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import io.github.eventloop.health.EventLoopHealth;
import io.github.eventloop.health.Judgement;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;

/**
 * {@link Endpoint @Endpoint} that shows what the event loops do. Actuator calls it on a
 * thread that may block, so that even a large number of loops is not read on one of them.
 *
 * @since 0.1.0
 */
@Endpoint(id = "eventloop")
public class EventLoopEndpoint {

	private final EventLoopMonitor monitor;

	private final EventLoopHealth health;

	/**
	 * Create an endpoint.
	 * @param monitor what sees the loops
	 * @param health what judges them
	 */
	public EventLoopEndpoint(EventLoopMonitor monitor, EventLoopHealth health) {
		this.monitor = monitor;
		this.health = health;
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
	 * @param view {@code history} for what happened second by second
	 * @return the view, or 404 if there is none of that name
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> view(@Selector String view) {
		return switch (view) {
			case "history" -> new WebEndpointResponse<>(HistoryDescriptor.of(this.monitor.history()));
			default -> notFound("There is no view '" + view + "'. There are: history, loops/{name}.");
		};
	}

	/**
	 * Show one item of a view.
	 * @param view {@code loops} for a single loop
	 * @param name the name of the item
	 * @return the item, or 404 if there is none of that name
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> item(@Selector String view, @Selector String name) {
		return switch (view) {
			case "loops" -> loop(name);
			default -> notFound("There is no view '" + view + "/{name}'. There are: history, loops/{name}.");
		};
	}

	private WebEndpointResponse<OperationResponseBody> loop(String name) {
		EventLoopSnapshot snapshot = this.monitor.snapshot();
		return snapshot.loop(name)
			.map(LoopDescriptor::of)
			.map((loop) -> new WebEndpointResponse<OperationResponseBody>(loop))
			.orElseGet(() -> notFound("No event loop is called '" + name + "'. There are: " + names(snapshot)));
	}

	private static String names(EventLoopSnapshot snapshot) {
		return snapshot.loops().stream().map(LoopSnapshot::name).collect(Collectors.joining(", ", "", "."));
	}

	private static WebEndpointResponse<OperationResponseBody> notFound(String message) {
		return new WebEndpointResponse<>(new Missing(404, message), WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/**
	 * Says what was asked for and is not there.
	 *
	 * @param status the HTTP status
	 * @param message what is missing, and what there is instead
	 */
	public record Missing(int status, String message) implements OperationResponseBody {
	}

}
