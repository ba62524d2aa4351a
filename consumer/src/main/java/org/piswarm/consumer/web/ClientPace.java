package org.piswarm.consumer.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Asks for the next part of an answer only while the connection can take one. All of its
 * state belongs to the thread of the connection.
 */
final class ClientPace<T> extends ChannelInboundHandlerAdapter implements CoreSubscriber<T>, Subscription {

	private final CoreSubscriber<? super T> client;

	private final Channel channel;

	private Subscription parts = Operators.emptySubscription();

	private long wanted;

	private boolean asked;

	ClientPace(CoreSubscriber<? super T> client, Channel channel) {
		this.client = client;
		this.channel = channel;
	}

	@Override
	public Context currentContext() {
		return this.client.currentContext();
	}

	@Override
	public void onSubscribe(Subscription parts) {
		this.parts = parts;
		// First, as Reactor Netty's own handler does not pass changes of writability on.
		this.channel.pipeline().addFirst(this);
		this.client.onSubscribe(this);
	}

	@Override
	public void request(long count) {
		onConnection(() -> {
			this.wanted = Operators.addCap(this.wanted, count);
			askIfWritable();
		});
	}

	@Override
	public void onNext(T part) {
		this.client.onNext(part);
		// A task of its own, so that it runs after this part was written.
		this.channel.eventLoop().execute(() -> {
			this.asked = false;
			this.wanted = (this.wanted == Long.MAX_VALUE) ? this.wanted : this.wanted - 1;
			askIfWritable();
		});
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		askIfWritable();
		context.fireChannelWritabilityChanged();
	}

	private void askIfWritable() {
		if (this.wanted > 0 && !this.asked && this.channel.isWritable()) {
			this.asked = true;
			this.parts.request(1);
		}
	}

	@Override
	public void onError(Throwable failure) {
		remove();
		this.client.onError(failure);
	}

	@Override
	public void onComplete() {
		remove();
		this.client.onComplete();
	}

	@Override
	public void cancel() {
		remove();
		this.parts.cancel();
	}

	private void remove() {
		onConnection(() -> {
			this.wanted = 0;
			if (this.channel.pipeline().context(this) != null) {
				this.channel.pipeline().remove(this);
			}
		});
	}

	private void onConnection(Runnable task) {
		if (this.channel.eventLoop().inEventLoop()) {
			task.run();
		}
		else {
			this.channel.eventLoop().execute(task);
		}
	}

}
