package io.github.eventloop.actuate.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import reactor.core.publisher.Mono;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} of the {@link EventLoopEndpoint} for
 * servlet applications, with the operations of {@link EventLoopEndpointWebExtension}.
 * Waits for their answers on the thread of the request: Actuator's handler mapping for
 * Spring MVC does not convert a response that arrives later.
 */
@EndpointWebExtension(endpoint = EventLoopEndpoint.class)
public class EventLoopEndpointServletExtension implements DisposableBean {

	private final EventLoopEndpointWebExtension operations;

	/**
	 * Create an extension.
	 * @param operations the operations, which are closed with this extension
	 */
	public EventLoopEndpointServletExtension(EventLoopEndpointWebExtension operations) {
		this.operations = operations;
	}

	/**
	 * Return the current state of all loops.
	 * @param format the media type of the response
	 * @return the loops, or the page that shows them
	 */
	@ReadOperation(producesFrom = OverviewFormat.class)
	public @Nullable WebEndpointResponse<Object> eventLoops(OverviewFormat format) {
		return await(this.operations.eventLoops(format));
	}

	/**
	 * Return a view, or one item of a view.
	 * @param reader the security context of the request
	 * @param path the names of the view and of the item
	 * @param after the end of the newest second that the reader has received
	 * @param position the position of the stalls that the reader has received
	 * @param format the media type of the response
	 * @return the view or the item, or the problem
	 */
	@ReadOperation(producesFrom = ViewFormat.class)
	public @Nullable WebEndpointResponse<Object> view(SecurityContext reader,
			@Selector(match = Match.ALL_REMAINING) String[] path, @Nullable String after, @Nullable String position,
			ViewFormat format) {
		return await(this.operations.view(reader, path, after, position, format));
	}

	/**
	 * Delete the data of a view.
	 * @param view {@code stalls}
	 * @return 204, or the problem
	 */
	@DeleteOperation
	public @Nullable WebEndpointResponse<Object> forget(@Selector String view) {
		return await(this.operations.forget(view));
	}

	/**
	 * Stall a loop on purpose.
	 * @param action {@code drill}
	 * @param millis the duration, from 1 to 10000
	 * @param loop the name of the loop
	 * @param kind what the loop does during the stall
	 * @return 202 and what was started, or the problem
	 */
	@WriteOperation
	public @Nullable WebEndpointResponse<Object> start(@Selector String action, @Nullable String millis,
			@Nullable String loop, @Nullable String kind) {
		return await(this.operations.start(action, millis, loop, kind));
	}

	private static @Nullable WebEndpointResponse<Object> await(Mono<WebEndpointResponse<Object>> answer) {
		return answer.block();
	}

	@Override
	public void destroy() {
		this.operations.destroy();
	}

}
