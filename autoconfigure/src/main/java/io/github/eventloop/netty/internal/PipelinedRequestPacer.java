package io.github.eventloop.netty.internal;

import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/**
 * Spreads the pipelined requests of an HTTP/1.1 connection over several iterations of its
 * event loop. One read of 64 KiB can contain 2,000 requests, which Reactor Netty would
 * handle in the iteration that decodes them, while all other connections of the loop
 * wait.
 * <p>
 * Is located between the HTTP codec and Reactor Netty's {@code HttpTrafficHandler}, and
 * passes one request at a time: the next one follows when the response to it has been
 * written and Reactor Netty reads again. While many requests are held, nothing is read
 * from the connection. Requests that are not pipelined pass at once.
 * <p>
 * Used by the event loop thread only.
 */
final class PipelinedRequestPacer extends ChannelDuplexHandler implements Runnable {

	static final String NAME = "eventloop.pipelinedRequestPacer";

	/**
	 * Number of held requests from which nothing is read. Below, reading continues, since
	 * on a connection that is not read, it is not detected that the client has closed it.
	 */
	private static final int PAUSE_READING = IterationBudget.MAX_REQUESTS;

	/**
	 * Whether this version of Reactor Netty reads after the operations of a request have
	 * been terminated. Versions before 1.3.6 read earlier, when the response has been
	 * written.
	 */
	private static final boolean READS_WHEN_TERMINATED = isPresent(
			"reactor.netty.http.server.HttpServerOperationsTerminatedEvent");

	private final IterationBudget budget;

	private @Nullable ChannelHandlerContext context;

	/** Held requests with their content, in the order of their arrival. */
	private final Queue<Object> held = new ArrayDeque<>(0);

	private int heldRequests;

	/** Open at first: created while the first request of the connection is handled. */
	private Exchange exchange = Exchange.OPEN;

	/** Whether the response in progress is not informational. */
	private boolean finalResponse;

	private boolean scheduled;

	private boolean releasing;

	private boolean protocolSwitched;

	PipelinedRequestPacer(IterationBudget budget) {
		this.budget = budget;
		budget.tryAcquire();
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest) {
			if (this.held.isEmpty() && this.exchange == Exchange.NONE && this.budget.tryAcquire()) {
				start(context, message);
			}
			else {
				hold(context, message);
			}
		}
		else if (this.held.isEmpty() || !(message instanceof HttpObject)) {
			context.fireChannelRead(message);
		}
		else {
			this.held.add(message);
		}
	}

	private void start(ChannelHandlerContext context, Object request) {
		this.exchange = Exchange.OPEN;
		this.finalResponse = false;
		context.fireChannelRead(request);
	}

	private void hold(ChannelHandlerContext context, Object request) {
		this.held.add(request);
		this.heldRequests++;
		if (this.heldRequests >= PAUSE_READING) {
			pauseReading(context.channel().config());
		}
		schedule();
	}

	/**
	 * Stop reading. Reactor Netty enables automatic reading when a request is complete,
	 * and disables it when the next one starts, so it need not be enabled again here.
	 */
	private static void pauseReading(ChannelConfig config) {
		if (config.isAutoRead()) {
			config.setAutoRead(false);
		}
	}

	private void schedule() {
		if (!this.scheduled && this.exchange == Exchange.NONE && !this.held.isEmpty()) {
			this.scheduled = true;
			this.budget.runSoon(this);
		}
	}

	/** Pass the next request, now or in the next iteration. */
	@Override
	public void run() {
		this.scheduled = false;
		ChannelHandlerContext context = this.context;
		if (context == null || this.held.isEmpty() || this.exchange != Exchange.NONE) {
			return;
		}
		if (isAbandoned(context)) {
			leave(context);
		}
		else if (this.budget.tryAcquire()) {
			release(context);
		}
		else {
			this.scheduled = true;
			this.budget.runInNextIteration(this);
		}
	}

	private void release(ChannelHandlerContext context) {
		this.releasing = true;
		this.heldRequests--;
		start(context, this.held.remove());
		while (!this.held.isEmpty() && !(this.held.peek() instanceof HttpRequest)) {
			context.fireChannelRead(this.held.remove());
		}
		this.releasing = false;
		context.fireChannelReadComplete();
		if (this.protocolSwitched) {
			leave(context);
		}
	}

	/**
	 * Called for each read of the connection, also by Reactor Netty when it is ready for
	 * the next request.
	 */
	@Override
	public void read(ChannelHandlerContext context) {
		if (this.exchange == Exchange.ANSWERED && isReady(context)) {
			this.exchange = Exchange.NONE;
			schedule();
		}
		if (this.heldRequests < PAUSE_READING) {
			context.read();
		}
		else if (isAbandoned(context)) {
			leave(context);
		}
		else {
			pauseReading(context.channel().config());
		}
	}

	/**
	 * Return whether Reactor Netty has completed the request. Before the response has
	 * been sent, it has not: a request that arrives then can make version 1.3.7 stop
	 * reading (reactor-netty#4361), and a client that does not read responses would be
	 * sent more of them.
	 */
	private static boolean isReady(ChannelHandlerContext context) {
		return !READS_WHEN_TERMINATED || ChannelOperations.get(context.channel()) == null;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the caller has the promise
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpResponse response) {
			this.finalResponse = response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
			this.protocolSwitched |= response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
		}
		if (message instanceof LastHttpContent && this.finalResponse) {
			this.exchange = Exchange.ANSWERED;
			this.finalResponse = false;
		}
		context.write(message, promise);
		if (this.protocolSwitched && !this.releasing) {
			leave(context);
		}
	}

	private static boolean isPresent(String className) {
		try {
			Class.forName(className, false, ChannelOperations.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * Return whether the connection no longer uses HTTP/1.1, so that nothing will handle
	 * the held requests.
	 */
	private static boolean isAbandoned(ChannelHandlerContext context) {
		return context.pipeline().get(NettyPipeline.HttpTrafficHandler) == null;
	}

	private void leave(ChannelHandlerContext context) {
		if (!context.isRemoved()) {
			boolean paused = this.heldRequests >= PAUSE_READING;
			context.pipeline().remove(this);
			if (paused) {
				// Not automatic reading, which Reactor Netty controls from now on.
				context.channel().read();
			}
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		discard();
		context.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		discard();
	}

	private void discard() {
		this.heldRequests = 0;
		Object message;
		while ((message = this.held.poll()) != null) {
			ReferenceCountUtil.release(message);
		}
	}

	/** State of the request that was passed last. */
	private enum Exchange {

		/** There is none: Reactor Netty is ready for the next request. */
		NONE,

		/** The response is not complete. */
		OPEN,

		/** The response has been written, but may not have been sent. */
		ANSWERED

	}

}
