package io.github.eventloop.actuate;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/**
 * {@link EndpointJmxExtension @EndpointJmxExtension} of the {@link EventLoopEndpoint}:
 * its views, as to somebody who is not known.
 *
 * @since 0.1.0
 */
@EndpointJmxExtension(endpoint = EventLoopEndpoint.class)
public class EventLoopEndpointJmxExtension {

	private final EventLoopEndpoint endpoint;

	/**
	 * Create an extension.
	 * @param endpoint what it extends
	 */
	public EventLoopEndpointJmxExtension(EventLoopEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Show another view of all loops, with details only where everybody sees them.
	 * @param view {@code history} for what happened second by second, {@code stalls} for
	 * the stalls one by one, {@code hotspots} for the stalls by culprit and cause,
	 * {@code blocking} for the blocking calls by kind and culprit
	 * @return the view
	 * @throws InvalidEndpointRequestException if there is none of that name
	 */
	@ReadOperation
	public OperationResponseBody view(@Selector String view) {
		String hint = this.endpoint.hintFor(SecurityContext.NONE, false);
		return switch (view) {
			case "history" -> HistoryDescriptor.of(this.endpoint.history(null), Extent.ALL);
			case "stalls" -> this.endpoint.stalls(hint);
			case "hotspots" -> this.endpoint.hotspots(hint);
			case "blocking" -> this.endpoint.blocking(hint);
			default -> throw noSuchView(view);
		};
	}

	/** A caller sees the message and not the reason. */
	private static InvalidEndpointRequestException noSuchView(String view) {
		String message = "No view " + Problem.quote(view) + ". There are: history, stalls, hotspots, blocking.";
		return new InvalidEndpointRequestException(message, message);
	}

}
