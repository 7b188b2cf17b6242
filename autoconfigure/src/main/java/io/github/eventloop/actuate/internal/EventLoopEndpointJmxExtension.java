package io.github.eventloop.actuate.internal;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/**
 * {@link EndpointJmxExtension @EndpointJmxExtension} of the {@link EventLoopEndpoint}
 * that returns its views, as for a user that is not authenticated.
 */
@EndpointJmxExtension(endpoint = EventLoopEndpoint.class)
public class EventLoopEndpointJmxExtension {

	private final EventLoopEndpoint endpoint;

	/**
	 * Create an extension.
	 * @param endpoint the endpoint to extend
	 */
	public EventLoopEndpointJmxExtension(EventLoopEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Return a view, with details only if they are shown to all users.
	 * @param view {@code diagnosis} for what is wrong, {@code history} for the
	 * measurements of each second, {@code stalls} for the individual stalls,
	 * {@code hotspots} for the stalls by culprit and cause, {@code blocking} for the
	 * blocking calls by kind and culprit
	 * @return the view
	 * @throws InvalidEndpointRequestException if there is no such view
	 */
	@ReadOperation
	public OperationResponseBody view(@Selector String view) {
		String hint = this.endpoint.views().hintFor(SecurityContext.NONE, false);
		return switch (view) {
			case "diagnosis" -> this.endpoint.views().diagnosis(hint);
			case "history" -> HistoryDescriptor.of(this.endpoint.views().history(null), Extent.ALL);
			case "stalls" -> this.endpoint.views().stalls(hint);
			case "hotspots" -> this.endpoint.views().hotspots(hint);
			case "blocking" -> this.endpoint.views().blocking(hint);
			default -> throw noSuchView(view);
		};
	}

	/** Use the text as message as well as reason, as callers only see the message. */
	private static InvalidEndpointRequestException noSuchView(String view) {
		String message = "There is no view " + Problem.quote(view)
				+ ". Available views: diagnosis, history, stalls, hotspots, blocking.";
		return new InvalidEndpointRequestException(message, message);
	}

}
