package org.piswarm.consumer.polling;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.retry.Retry;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.polling.FetchException.Kind;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.Reading;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/** Fetches one number, in up to three attempts. */
@Component
class ProducerClient {

	private static final Pattern REPLICA_NAME = Pattern.compile("[\\w.@-]{1,128}");

	private final WebClient producer;

	private final URI url;

	private final Retry retry;

	private final RetryBudget budget;

	private final NumberParser parser;

	private final Clock clock;

	ProducerClient(WebClient producer, ConsumerProperties properties, Retry retry, RetryBudget budget,
			NumberParser parser, Clock clock) {
		this.producer = producer.mutate()
			.filter(ExchangeFilterFunction.ofResponseProcessor(ProducerClient::accept))
			.build();
		this.url = properties.producerUrl();
		this.retry = retry;
		this.budget = budget;
		this.parser = parser;
		this.clock = clock;
	}

	/**
	 * Fetches a number for each subscription.
	 * @param trace sent with each attempt
	 * @return the reading, or a {@link FetchException} that names the URL and the number
	 * of attempts; any other exception is a defect of the consumer
	 */
	Mono<Reading> fetch(Trace trace) {
		return Mono.defer(() -> {
			AtomicInteger attempts = new AtomicInteger();
			long start = System.nanoTime();
			// transformDeferred, not transform: the retry counts from 0 for each poll.
			// Deferred: each attempt has its own ID in the header.
			return Mono.defer(() -> {
				attempts.incrementAndGet();
				return attempt(trace, start);
			})
				.transformDeferred(RetryOperator.of(this.retry))
				.onErrorMap(FetchException.class, (ex) -> withAttempts(ex, attempts.get()));
		});
	}

	private Mono<Reading> attempt(Trace trace, long start) {
		return this.producer.get()
			.uri(this.url)
			.header("traceparent", trace.parent())
			.accept(MediaType.APPLICATION_JSON)
			.exchangeToMono((response) -> reading(response, start))
			.timeout(this.budget.attemptTimeout())
			.onErrorMap((ex) -> FetchFailures.explain(ex, this.budget));
	}

	/**
	 * Passes an answer on if its body is worth reading. Any other body may be endless,
	 * and a handler further down would have to wait for its end.
	 */
	private static Mono<ClientResponse> accept(ClientResponse response) {
		FetchException refusal = refusal(response);
		if (refusal == null) {
			return Mono.just(response);
		}
		// Cancelling a body before its end closes the connection.
		response.releaseBody().subscribe().dispose();
		return Mono.error(refusal);
	}

	private Mono<Reading> reading(ClientResponse response, long start) {
		return response.bodyToMono(byte[].class)
			.defaultIfEmpty(new byte[0])
			.map(this.parser::parse)
			.map((number) -> new Reading(number, replica(response), this.clock.instant(),
					Duration.ofNanos(System.nanoTime() - start).toMillis()));
	}

	private static @Nullable FetchException refusal(ClientResponse response) {
		HttpStatusCode status;
		try {
			status = response.statusCode();
		}
		catch (IllegalArgumentException ex) {
			// Not three digits.
			return new FetchException(Kind.INVALID, "the answer is not HTTP");
		}
		if (status.is5xxServerError()) {
			return new FetchException(Kind.TEMPORARY, "status " + status.value());
		}
		if (!status.is2xxSuccessful()) {
			return new FetchException(Kind.REFUSED, "status " + status.value());
		}
		return isJson(response) ? null : new FetchException(Kind.INVALID, "the answer is not JSON");
	}

	private static boolean isJson(ClientResponse response) {
		try {
			return response.headers().contentType().map(MediaType.APPLICATION_JSON::isCompatibleWith).orElse(true);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static String replica(ClientResponse response) {
		String name = response.headers().asHttpHeaders().getFirst("X-Served-By");
		return (name != null && REPLICA_NAME.matcher(name).matches()) ? name : "unknown";
	}

	private FetchException withAttempts(FetchException failure, int attempts) {
		return new FetchException(failure.kind(), "%s (%s, %d %s)".formatted(failure.getMessage(), this.url, attempts,
				(attempts == 1) ? "attempt" : "attempts"));
	}

}
