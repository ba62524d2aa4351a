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

	private @Nullable Future<?> timer;

	RequestTimeout(Duration limit) {
		this.limit = limit;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
		if (this.timer == null) {
			this.timer = context.executor()
				.schedule(() -> context.close(), this.limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		super.channelRead(context, bytes);
	}

	@Override
	public void write(ChannelHandlerContext context, Object bytes, ChannelPromise promise) throws Exception {
		stopTimer();
		super.write(context, bytes, promise);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		stopTimer();
	}

	private void stopTimer() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}
