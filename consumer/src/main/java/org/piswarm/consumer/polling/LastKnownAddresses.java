package org.piswarm.consumer.polling;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.NameResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

/**
 * Looks names up, and keeps the last answer for the time in which the name server is
 * silent. In a container Docker's engine is the name server, and it can be busy for
 * seconds, although the network and the producer work. An answer that the name is unknown
 * is believed.
 */
class LastKnownAddresses extends DnsAddressResolverGroup {

	private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();

	private final Duration patience;

	/**
	 * Creates a group of resolvers.
	 * @param patience how long to wait for the name server before the last answer is used
	 */
	LastKnownAddresses(DnsNameResolverBuilder builder, Duration patience) {
		super(builder);
		this.patience = patience;
	}

	@Override
	protected NameResolver<InetAddress> newNameResolver(EventLoop eventLoop,
			ChannelFactory<? extends DatagramChannel> channelFactory, DnsServerAddressStreamProvider nameServerProvider)
			throws Exception {
		return new Resolver(eventLoop, super.newNameResolver(eventLoop, channelFactory, nameServerProvider));
	}

	private final class Resolver extends InetNameResolver {

		private final NameResolver<InetAddress> dns;

		private final EventExecutor executor;

		Resolver(EventExecutor executor, NameResolver<InetAddress> dns) {
			super(executor);
			this.executor = executor;
			this.dns = dns;
		}

		@Override
		protected void doResolve(String name, Promise<InetAddress> promise) {
			Promise<List<InetAddress>> all = this.executor.newPromise();
			all.addListener((Future<List<InetAddress>> done) -> {
				if (done.isSuccess()) {
					promise.trySuccess(done.getNow().get(0));
				}
				else {
					promise.tryFailure(done.cause());
				}
			});
			doResolveAll(name, all);
		}

		@Override
		protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
			Future<List<InetAddress>> lookup = this.dns.resolveAll(name);
			lookup.addListener((Future<List<InetAddress>> answer) -> {
				if (answer.isSuccess()) {
					LastKnownAddresses.this.known.put(name, answer.getNow());
					promise.trySuccess(answer.getNow());
				}
				else {
					promise.tryFailure(answer.cause());
				}
			});
			List<InetAddress> last = LastKnownAddresses.this.known.get(name);
			if (last != null && !lookup.isDone()) {
				this.executor.schedule(() -> promise.trySuccess(last), LastKnownAddresses.this.patience.toMillis(),
						TimeUnit.MILLISECONDS);
			}
		}

		@Override
		public void close() {
			this.dns.close();
		}

	}

}
