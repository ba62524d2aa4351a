package org.piswarm.consumer.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose request has not been answered in time, counted from the
 * request's first byte. This ends a client that sends its headers, or a body that nobody
 * reads, one byte at a time (Slowloris). The server's idle timeout does not end it: that
 * timeout only runs between requests.
 */
class RequestTimeout extends ChannelDuplexHandler {

	private final Duration limit;

	/** When the last request began, on the clock of the channel's event loop. */
	private long start;

	private boolean waiting;

	private @Nullable Future<?> timer;

	RequestTimeout(Duration limit) {
		this.limit = limit;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
		if (!this.waiting) {
			this.waiting = true;
			this.start = context.executor().ticker().nanoTime();
			if (this.timer == null) {
				check(context);
			}
		}
		super.channelRead(context, bytes);
	}

	@Override
	public void write(ChannelHandlerContext context, Object bytes, ChannelPromise promise) throws Exception {
		this.waiting = false;
		super.write(context, bytes, promise);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	/**
	 * Closes the connection, or looks again when the time of the current request is over.
	 * A timer for each request would cost more than its answer.
	 */
	private void check(ChannelHandlerContext context) {
		this.timer = null;
		if (this.waiting) {
			long left = this.limit.toNanos() - (context.executor().ticker().nanoTime() - this.start);
			if (left <= 0) {
				context.close();
			}
			else {
				this.timer = context.executor().schedule(() -> check(context), left, TimeUnit.NANOSECONDS);
			}
		}
	}

}
