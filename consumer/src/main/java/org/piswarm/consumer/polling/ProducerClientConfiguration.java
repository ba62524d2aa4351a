package org.piswarm.consumer.polling;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import org.piswarm.consumer.polling.FetchException.Kind;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.client.WebClient;

/** The limits of the client that fetches numbers, in time and in size. */
@Configuration(proxyBeanMethods = false)
class ProducerClientConfiguration {

	/** An answer has 14 bytes; a body of more than this is not one. */
	private static final int MAX_BODY_BYTES = 1024;

	/**
	 * Shorter than the producer's 30 s, so that it does not close a connection at the
	 * moment in which it is used.
	 */
	private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(20);

	@Bean
	RetryBudget retryBudget(ConsumerProperties properties) {
		return RetryBudget.within(properties.pollInterval());
	}

	@Bean
	RetryRegistry retries() {
		return RetryRegistry.ofDefaults();
	}

	@Bean
	Retry producerRetry(RetryRegistry retries, RetryBudget budget, PollCounts counts, ProducerStatus status) {
		RetryConfig config = RetryConfig.custom()
			.maxAttempts(RetryBudget.MAX_ATTEMPTS)
			.intervalFunction(IntervalFunction.ofExponentialRandomBackoff(budget.firstWait(), RetryBudget.MULTIPLIER,
					RetryBudget.JITTER))
			.retryOnException((ex) -> ex instanceof FetchException fetch && fetch.kind() == Kind.TEMPORARY)
			.build();
		Retry retry = retries.retry("producer", config);
		retry.getEventPublisher().onRetry((event) -> {
			counts.retried();
			status.retried(event.getNumberOfRetryAttempts(), String.valueOf(event.getLastThrowable().getMessage()));
		});
		return retry;
	}

	/**
	 * Threads and connections of this application alone. Spring Boot's own factory shares
	 * them with every other application in the JVM, which would close them first.
	 */
	@Bean
	ReactorResourceFactory reactorResourceFactory(ConsumerProperties properties) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setConnectionProviderSupplier(() -> connections(MAX_IDLE_TIME, properties.connectionLife()));
		// Netty's threads would wait this long for late work after the shutdown.
		factory.setShutdownQuietPeriod(Duration.ZERO);
		return factory;
	}

	/**
	 * Docker's DNS lets an answer live for 600 s, and Netty would call an address for as
	 * long after its container is gone.
	 */
	@Bean
	ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> producerLimits(RetryBudget budget,
			ConsumerProperties properties) {
		return (builder) -> builder.withHttpClientCustomizer((client) -> {
			HttpClient limited = limit(client, budget, Duration.ofSeconds(10), (names) -> {
			});
			prepare(limited, properties.producerUrl(), Duration.ofSeconds(5));
			return limited;
		});
	}

	@Bean
	WebClient producer(WebClient.Builder builder) {
		return builder.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(MAX_BODY_BYTES)).build();
	}

	/**
	 * Swarm spreads connections over replicas, not requests. A connection therefore has a
	 * bounded life: when it ends, the next one may reach a replica that is new.
	 */
	static ConnectionProvider connections(Duration maxIdleTime, Duration maxLifeTime) {
		return ConnectionProvider.builder("producer")
			.maxConnections(4)
			.maxIdleTime(maxIdleTime)
			.maxLifeTime(maxLifeTime)
			.build();
	}

	/**
	 * Loads what the first poll needs, which might otherwise be late. For its first query
	 * Netty draws 16,384 secure random numbers, which takes seconds on a busy Pi.
	 * @param patience how long to wait for the name server; without an answer the polls
	 * will show what is wrong
	 */
	static void prepare(HttpClient client, URI producer, Duration patience) {
		client.warmup().block();
		HttpClientConfig config = client.configuration();
		Objects.requireNonNull(config.resolver())
			.getResolver(config.loopResources().onClient(true).next())
			.resolve(InetSocketAddress.createUnresolved(producer.getHost(), 0))
			.awaitUninterruptibly(patience.toMillis());
	}

	/**
	 * Sets the limits of a client.
	 * @param addressLife how long an address is kept, whatever DNS says; six times as
	 * long while DNS says nothing
	 * @param more further options for the lookup of names
	 */
	static HttpClient limit(HttpClient client, RetryBudget budget, Duration addressLife,
			Consumer<DnsNameResolverBuilder> more) {
		return client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) budget.connectTimeout().toMillis())
			// After a reset, Reactor Netty would silently send a request again.
			.disableRetry(true)
			// Spring Boot's default would ask any host that an answer names.
			.followRedirect(false)
			// The next attempt opens a connection, perhaps to a better replica.
			.doOnResponse((response, connection) -> {
				if (response.status().codeClass() != HttpStatusClass.SUCCESS) {
					connection.markPersistent(false);
				}
			})
			.resolver((dns) -> {
				dns.cacheMaxTimeToLive(addressLife);
				// Later attempts wait for the same query: a lost packet costs one of
				// them.
				dns.queryTimeout(budget.attemptTimeout().dividedBy(2));
				dns.dnsAddressResolverGroupProvider((names) -> {
					more.accept(names);
					return new LastKnownAddresses(names, budget.lookupTimeout(), addressLife.multipliedBy(6));
				});
			});
	}

}
