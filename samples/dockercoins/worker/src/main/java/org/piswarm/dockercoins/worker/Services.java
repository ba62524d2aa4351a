package org.piswarm.dockercoins.worker;

import java.time.Duration;
import java.util.regex.Pattern;

import io.lettuce.core.SetArgs;
import org.piswarm.dockercoins.worker.WorkerApplication.Settings;
import org.piswarm.samples.Redis;
import org.piswarm.samples.ServiceFailure;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** The services that the worker uses. Each failure is a {@link ServiceFailure}. */
@Component
class Services {

	private static final int BYTES = 32;

	/** A rng that many workers use at once lets them wait for seconds. */
	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

	private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

	private final WebClient rng;

	private final WebClient hasher;

	private final Redis redis;

	Services(WebClient.Builder builder, Redis redis, Settings settings) {
		// No answer is longer than a few bytes.
		WebClient.Builder small = builder.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(1024));
		this.rng = small.clone().baseUrl(settings.rngUrl().toString()).build();
		this.hasher = small.clone().baseUrl(settings.hasherUrl().toString()).build();
		this.redis = redis;
	}

	Mono<byte[]> randomBytes() {
		return answer("rng", this.rng.get().uri("/{count}", BYTES), byte[].class)
			.filter((bytes) -> bytes.length == BYTES)
			.switchIfEmpty(failure("rng", "the answer does not have %d bytes".formatted(BYTES)));
	}

	Mono<String> hash(byte[] bytes) {
		return answer("hasher",
				this.hasher.post().uri("/").contentType(MediaType.APPLICATION_OCTET_STREAM).bodyValue(bytes),
				String.class)
			.map(String::strip)
			.filter((hash) -> HASH.matcher(hash).matches())
			.switchIfEmpty(failure("hasher", "the answer is not a SHA-256"));
	}

	private static <T> Mono<T> answer(String service, WebClient.RequestHeadersSpec<?> request, Class<T> type) {
		return request.retrieve()
			.bodyToMono(type)
			.timeout(ANSWER_LIMIT)
			.onErrorMap((failure) -> new ServiceFailure(service, reason(failure), false));
	}

	private static String reason(Throwable failure) {
		if (failure instanceof WebClientResponseException answer && answer.getStatusCode().isError()) {
			return "status " + answer.getStatusCode().value();
		}
		return (failure.getCause() instanceof DataBufferLimitException) ? "the answer is too long"
				: ServiceFailure.reason(failure);
	}

	private static <T> Mono<T> failure(String service, String reason) {
		return Mono.error(() -> new ServiceFailure(service, reason, false));
	}

	Mono<Boolean> storeCoin(String hash, byte[] bytes) {
		return this.redis.ask((redis) -> redis.hset(Redis.bytes("wallet"), Redis.bytes(hash), bytes));
	}

	Mono<Long> addHashes(int count) {
		return this.redis.ask((redis) -> redis.incrby(Redis.bytes("hashes"), count));
	}

	/**
	 * Says what failed, for the live page. Redis forgets it by itself.
	 * @param life how long the page shows it
	 */
	Mono<String> reportFailure(String text, Duration life) {
		return this.redis
			.ask((redis) -> redis.set(Redis.bytes("failure"), Redis.bytes(text), SetArgs.Builder.px(life)));
	}

}
