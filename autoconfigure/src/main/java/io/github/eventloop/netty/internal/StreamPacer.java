package io.github.eventloop.netty.internal;

import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Spreads requests of an HTTP/2 connection over several iterations of its event loop if
 * many of them are received in one: a read of 64 KiB can open as many streams as the
 * connection may have at the same time. The requests beyond the {@link IterationBudget}
 * wait in the pipelines of their streams. While many of them wait, nothing is read from
 * the connection.
 * <p>
 * Is located before the HTTP/2 codec of the connection. Used by the event loop thread
 * only.
 */
final class StreamPacer extends ChannelOutboundHandlerAdapter implements Runnable {

	static final String NAME = "eventloop.streamPacer";

	private static final AttributeKey<StreamPacer> PACER = AttributeKey.valueOf(StreamPacer.class, "pacer");

	/** Number of waiting requests from which nothing is read. */
	private static final int PAUSE_READING = IterationBudget.MAX_REQUESTS;

	private final IterationBudget budget;

	private final Queue<WaitingRequest> waiting = new ArrayDeque<>(0);

	private @Nullable ChannelHandlerContext context;

	/** Whether a read is due as soon as fewer requests wait. */
	private boolean readDue;

	private boolean scheduled;

	private StreamPacer(IterationBudget budget) {
		this.budget = budget;
	}

	/**
	 * Pass the request that a stream has received, or make it wait for one of the next
	 * iterations.
	 * @param stream the stream, which is about to pass the request to the handlers after
	 * {@code HttpTrafficHandler}
	 * @param loop the event loop of the stream
	 */
	static void pace(Http2StreamChannel stream, MonitoredEventLoop loop) {
		StreamPacer pacer = of(stream.parent(), loop);
		if (pacer != null && !pacer.mayStart()) {
			stream.pipeline().addAfter(NettyPipeline.HttpTrafficHandler, NAME, pacer.new WaitingRequest());
		}
	}

	private static @Nullable StreamPacer of(Channel connection, MonitoredEventLoop loop) {
		StreamPacer pacer = connection.attr(PACER).get();
		if (pacer == null) {
			ChannelPipeline pipeline = connection.pipeline();
			ChannelHandlerContext codec = pipeline.context(Http2FrameCodec.class);
			if (codec == null) {
				return null;
			}
			pacer = new StreamPacer(new IterationBudget(loop));
			pipeline.addBefore(codec.name(), NAME, pacer);
			connection.attr(PACER).set(pacer);
		}
		return pacer;
	}

	private boolean mayStart() {
		return this.waiting.isEmpty() && this.budget.tryAcquire();
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	@Override
	public void read(ChannelHandlerContext context) {
		if (this.waiting.size() < PAUSE_READING) {
			context.read();
		}
		else {
			this.readDue = true;
		}
	}

	private void add(WaitingRequest request) {
		this.waiting.add(request);
		if (!this.scheduled) {
			this.scheduled = true;
			this.budget.runInNextIteration(this);
		}
	}

	/** Pass as many requests as possible in this iteration. */
	@Override
	public void run() {
		this.scheduled = false;
		while (!this.waiting.isEmpty() && this.budget.tryAcquire()) {
			this.waiting.remove().release();
		}
		if (!this.waiting.isEmpty() && !this.scheduled) {
			this.scheduled = true;
			this.budget.runInNextIteration(this);
		}
		if (this.readDue && this.waiting.size() < PAUSE_READING && this.context != null) {
			this.readDue = false;
			this.context.read();
		}
	}

	/**
	 * Holds the request of one stream, with its content, until it may start. Is located
	 * after {@code HttpTrafficHandler}, and then removes itself.
	 */
	private final class WaitingRequest extends ChannelInboundHandlerAdapter {

		private final Queue<Object> messages = new ArrayDeque<>(2);

		private @Nullable ChannelHandlerContext context;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			this.context = context;
			add(this);
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			this.messages.add(message);
		}

		/**
		 * Pass all messages, including those that are read in the meantime.
		 */
		void release() {
			ChannelHandlerContext context = this.context;
			if (context == null || context.isRemoved()) {
				return;
			}
			pass(context);
			context.fireChannelReadComplete();
			// A handler may have read more.
			pass(context);
			if (!context.isRemoved()) {
				context.pipeline().remove(this);
			}
		}

		private void pass(ChannelHandlerContext context) {
			Object message;
			while ((message = this.messages.poll()) != null) {
				context.fireChannelRead(message);
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
			Object message;
			while ((message = this.messages.poll()) != null) {
				ReferenceCountUtil.release(message);
			}
		}

	}

}
