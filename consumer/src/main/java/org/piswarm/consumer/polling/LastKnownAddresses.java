package org.piswarm.consumer.polling;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.jspecify.annotations.Nullable;

/**
 * Looks names up, and uses the last answer for a while if the name server is silent. In a
 * container Docker's engine is the name server, and it can be busy for seconds, although
 * the network and the producer work. An answer that the name is unknown is believed. The
 * name server is also silent if a container is gone and the host has no internet: Docker
 * then asks servers that it does not reach.
 */
class LastKnownAddresses extends DnsAddressResolverGroup {

	private final Map<String, Answer> known = new ConcurrentHashMap<>();

	private final Duration patience;

	private final Duration maxAge;

	private @Nullable Resolver resolver;

	/**
	 * Creates a group of resolvers.
	 * @param patience how long to wait for the name server before the last answer is used
	 * @param maxAge the age up to which it is used
	 */
	LastKnownAddresses(DnsNameResolverBuilder builder, Duration patience, Duration maxAge) {
		super(builder);
		this.patience = patience;
		this.maxAge = maxAge;
	}

	private void keep(String name, List<InetAddress> addresses) {
		this.known.put(name, new Answer(addresses, System.nanoTime()));
	}

	private Optional<List<InetAddress>> last(String name) {
		return Optional.ofNullable(this.known.get(name))
			.filter((answer) -> System.nanoTime() - answer.time < this.maxAge.toNanos())
			.map(Answer::addresses);
	}

	/**
	 * An answer of the name server.
	 *
	 * @param time when it came, in nanoseconds
	 */
	private record Answer(List<InetAddress> addresses, long time) {
	}

	/**
	 * Returns the same resolver to all threads. Reactor Netty lets all lookups run on one
	 * event loop, which each further resolver would block with its preparations.
	 */
	@Override
	protected synchronized NameResolver<InetAddress> newNameResolver(EventLoop eventLoop,
			ChannelFactory<? extends DatagramChannel> channelFactory, DnsServerAddressStreamProvider nameServerProvider)
			throws Exception {
		if (this.resolver == null) {
			this.resolver = new Resolver(eventLoop,
					super.newNameResolver(eventLoop, channelFactory, nameServerProvider));
		}
		return this.resolver;
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
					keep(name, answer.getNow());
					promise.trySuccess(answer.getNow());
				}
				else {
					promise.tryFailure(answer.cause());
				}
			});
			last(name).filter((addresses) -> !lookup.isDone())
				.ifPresent((addresses) -> this.executor.schedule(() -> promise.trySuccess(addresses),
						LastKnownAddresses.this.patience.toMillis(), TimeUnit.MILLISECONDS));
		}

		@Override
		public void close() {
			this.dns.close();
		}

	}

}
