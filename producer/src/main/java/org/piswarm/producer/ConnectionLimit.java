package org.piswarm.producer;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Closes new connections while too many are open: each costs memory, and a flood of them
 * would end in an OutOfMemoryError. Connections from this host have a reserve, so that
 * the container's health check is answered during a flood from outside.
 */
@Sharable
class ConnectionLimit extends ChannelInboundHandlerAdapter {

	static final int LOOPBACK_RESERVE = 64;

	private final AtomicInteger open = new AtomicInteger();

	private final int limit;

	private final Counter refused;

	ConnectionLimit(int limit, MeterRegistry meters) {
		this.limit = limit;
		this.refused = Counter.builder("server.connections.refused")
			.description("Connections that were closed at once because too many were open")
			.register(meters);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		context.channel().closeFuture().addListener((closed) -> this.open.decrementAndGet());
		this.open.incrementAndGet();
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		boolean loopback = context.channel().remoteAddress() instanceof InetSocketAddress remote
				&& remote.getAddress().isLoopbackAddress();
		if (this.open.get() > (loopback ? this.limit + LOOPBACK_RESERVE : this.limit)) {
			this.refused.increment();
			context.close();
			return;
		}
		context.fireChannelActive();
	}

}
