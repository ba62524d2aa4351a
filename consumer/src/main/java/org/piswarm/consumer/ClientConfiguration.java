package org.piswarm.consumer;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpStatusClass;
import org.piswarm.consumer.FetchException.Kind;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.NameResolverProvider.NameResolverSpec;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/** The client's limits, in time and in size. */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

	/** An answer is 14 bytes; more than this is not one. */
	private static final int MAX_BODY_BYTES = 1024;

	/** How long the consumer stays with one replica at most. */
	static final Duration CONNECTION_LIFE = Duration.ofSeconds(60);

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	@Bean
	RetryBudget retryBudget(Settings settings) {
		return RetryBudget.within(settings.pollInterval());
	}

	@Bean
	RetryRegistry retries() {
		return RetryRegistry.ofDefaults();
	}

	@Bean
	Retry producerRetry(RetryRegistry retries, RetryBudget budget, Stats stats, Situation situation) {
		RetryConfig config = RetryConfig.custom()
			.maxAttempts(RetryBudget.MAX_ATTEMPTS)
			.intervalFunction(IntervalFunction.ofExponentialRandomBackoff(budget.firstWait(), RetryBudget.MULTIPLIER,
					RetryBudget.JITTER))
			.retryOnException((ex) -> ex instanceof FetchException fetch && fetch.kind() == Kind.TEMPORARY)
			.build();
		Retry retry = retries.retry("producer", config);
		retry.getEventPublisher().onRetry((event) -> {
			stats.retried();
			situation.retrying(event.getNumberOfRetryAttempts(), event.getLastThrowable());
		});
		return retry;
	}

	/**
	 * Swarm spreads connections over replicas, not requests. A pooled connection
	 * therefore lives a minute at most, so that a consumer finds replicas that came after
	 * it; and it idles for less than the producer's 30 s, so that it is not closed in the
	 * moment in which it is used.
	 */
	@Bean(destroyMethod = "dispose")
	ConnectionProvider producerConnections() {
		return connections(Duration.ofSeconds(20), CONNECTION_LIFE);
	}

	/**
	 * Docker's DNS lets an answer live for 600 s, during which Netty would go on calling
	 * an address that is dead.
	 */
	@Bean
	HttpClient httpClient(ConnectionProvider connections, RetryBudget budget) {
		HttpClient client = httpClient(connections, budget, Duration.ofSeconds(10), (dns) -> {
		});
		// Loads what the first poll needs, which might not be in time otherwise.
		client.warmup().block();
		return client;
	}

	@Bean
	WebClient producer(WebClient.Builder builder, HttpClient httpClient) {
		return builder.clientConnector(new ReactorClientHttpConnector(httpClient))
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(MAX_BODY_BYTES))
			.build();
	}

	static ConnectionProvider connections(Duration maxIdleTime, Duration maxLifeTime) {
		return ConnectionProvider.builder("producer")
			.maxConnections(4)
			.maxIdleTime(maxIdleTime)
			.maxLifeTime(maxLifeTime)
			.build();
	}

	/**
	 * Makes the client below Spring's.
	 * @param addressLife how long an address is kept, whatever DNS says
	 * @param more further options for the lookup of names
	 */
	static HttpClient httpClient(ConnectionProvider connections, RetryBudget budget, Duration addressLife,
			Consumer<NameResolverSpec> more) {
		return HttpClient.create(connections)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) budget.attemptTimeout().toMillis())
			// Reactor Netty would silently send a request again after a reset;
			// resilience4j counts.
			.disableRetry(true)
			// The next attempt opens another connection, through which Swarm may choose a
			// replica that is better off.
			.doOnResponse((response, connection) -> {
				if (response.status().codeClass() != HttpStatusClass.SUCCESS) {
					connection.markPersistent(false);
				}
			})
			.resolver((dns) -> {
				dns.cacheMaxTimeToLive(addressLife);
				// One lost packet costs one attempt at most: later ones would wait for
				// the
				// same query.
				dns.queryTimeout(budget.attemptTimeout().dividedBy(2));
				more.accept(dns);
			});
	}

}
