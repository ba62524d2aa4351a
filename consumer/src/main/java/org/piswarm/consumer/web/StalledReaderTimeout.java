package org.piswarm.consumer.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/**
 * Disconnects a client that has read nothing for the limit, or for up to twice as long,
 * while data waits for it in the server's memory. A client that reads slowly stays.
 */
class StalledReaderTimeout extends IdleStateHandler {

	StalledReaderTimeout(Duration limit) {
		super(true, 0, limit.toMillis(), 0, TimeUnit.MILLISECONDS);
	}

	/**
	 * The first event counts from the last completed write, and says nothing about data
	 * that was written since. Only the next ones look at what the client has read.
	 */
	@Override
	protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
		var waiting = context.channel().unsafe().outboundBuffer();
		if (!event.isFirst() && waiting != null && !waiting.isEmpty()) {
			context.close();
		}
	}

}
