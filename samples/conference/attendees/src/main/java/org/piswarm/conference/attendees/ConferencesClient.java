package org.piswarm.conference.attendees;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.jspecify.annotations.Nullable;
import org.piswarm.conference.attendees.AttendeesApplication.Settings;
import org.piswarm.samples.ServiceFailure;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/** Asks for the list of all conferences. */
@Component
class ConferencesClient {

	/** Of 1,000 conferences with long texts, which is the most that there can be. */
	private static final int MOST_BYTES = 4 * 1024 * 1024;

	private static final int LONGEST_ETAG = 100;

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

	/** With the limit of an attempt, a request takes 16 s at most. */
	private static final RetryConfig RETRY = RetryConfig.custom()
		.maxAttempts(3)
		.intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(150), 2, 0.5))
		// Not for an answer outside of the contract: the next one would be the same.
		.retryExceptions(ServiceFailure.class)
		.build();

	private final Retry retry = Retry.of("conferences", RETRY);

	private final WebClient client;

	private final Freshness freshness;

	ConferencesClient(WebClient.Builder builder, Settings settings, Freshness freshness) {
		this.client = builder.baseUrl(settings.conferencesUrl().toString())
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(MOST_BYTES))
			.build();
		this.freshness = freshness;
	}

	/**
	 * Asks, up to three times.
	 * @param etag that of the list that is known, {@code null} for none
	 * @return the list, empty if it is still the same one; a failure is never an empty
	 * list, but a {@link ServiceFailure}
	 */
	Optional<ConferenceList> list(@Nullable String etag) {
		Supplier<Optional<ConferenceList>> attempt = () -> attempt(etag);
		try {
			return this.retry.executeSupplier(attempt);
		}
		catch (IllegalArgumentException unusable) {
			throw new ServiceFailure("conferences", "the list cannot be used: " + unusable.getMessage(), false);
		}
	}

	private Optional<ConferenceList> attempt(@Nullable String etag) {
		this.freshness.requested();
		ResponseEntity<byte[]> answer = this.client.get().uri("/conferences").headers((headers) -> {
			if (etag != null) {
				headers.setIfNoneMatch(etag);
			}
		})
			.exchangeToMono(ConferencesClient::whole)
			.timeout(ANSWER_LIMIT)
			.onErrorMap(ConferencesClient::explained)
			.blockOptional()
			.orElseThrow();
		if (answer.getStatusCode().is5xxServerError()) {
			throw new ServiceFailure("conferences", "status " + answer.getStatusCode().value(), false);
		}
		if (etag != null && answer.getStatusCode().isSameCodeAs(HttpStatus.NOT_MODIFIED)) {
			return Optional.empty();
		}
		return Optional.of(read(answer));
	}

	/** An answer that ends too early is an error here, and not a shorter list. */
	private static Mono<ResponseEntity<byte[]>> whole(ClientResponse answer) {
		return answer.toEntity(byte[].class);
	}

	private ConferenceList read(ResponseEntity<byte[]> answer) {
		HttpHeaders headers = answer.getHeaders();
		String revision = headers.getFirst("Revision");
		String etag = headers.getETag();
		byte[] body = answer.getBody();
		if (!answer.getStatusCode().isSameCodeAs(HttpStatus.OK)) {
			throw new IllegalArgumentException("status " + answer.getStatusCode().value());
		}
		if (revision == null || !revision.matches("\\d{1,18}") || etag == null || body == null) {
			throw new IllegalArgumentException("it has no revision or no ETag");
		}
		if (etag.length() > LONGEST_ETAG) {
			throw new IllegalArgumentException("its ETag has more than %d characters".formatted(LONGEST_ETAG));
		}
		this.freshness.received(body.length);
		return new ConferenceList(RemoteConference.list(body), Long.parseLong(revision), etag);
	}

	private static RuntimeException explained(Throwable failure) {
		return (failure instanceof DataBufferLimitException || failure.getCause() instanceof DataBufferLimitException)
				? new IllegalArgumentException("it has more than 4 MB")
				: new ServiceFailure("conferences", ServiceFailure.reason(failure), false);
	}

	/**
	 * All conferences at one time.
	 *
	 * @param revision the last change that it is sure to have
	 * @param etag for the next request
	 */
	record ConferenceList(List<RemoteConference> conferences, long revision, String etag) {

	}

}
