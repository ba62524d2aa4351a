package org.piswarm.samples;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One connection to Redis, which never sends a command twice. By default, lettuce
 * connects again by itself and repeats the commands whose answers it did not get: a count
 * would be added twice. Here each caller learns of the failure instead, and the next
 * command opens a new connection. For one command at a time.
 */
public final class Redis implements AutoCloseable {

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

	private final RedisURI uri;

	private final ClientResources resources;

	private final RedisClient client;

	private final AtomicBoolean closed = new AtomicBoolean();

	private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

	/**
	 * Creates a client, which connects for its first command.
	 * @param url such as {@code redis://redis:6379}, as {@link #check} accepts it
	 */
	public Redis(URI url) {
		this.uri = RedisURI.create(url);
		this.uri.setTimeout(CONNECT_LIMIT);
		this.resources = ClientResources.builder()
			.ioThreadPoolSize(2)
			.computationThreadPoolSize(2)
			// Java's own keeps an address for 30 s; Netty's as long as the name server
			// says, and Docker's says 600 s.
			.addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
			.build();
		this.client = RedisClient.create(this.resources);
		this.client.setOptions(ClientOptions.builder()
			.autoReconnect(false)
			// With RESP2, lettuce 7.5.2 returns only the first entry of XREADGROUP.
			.protocolVersion(ProtocolVersion.RESP3)
			// Each command has a limit of its own here.
			.timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
			.socketOptions(SocketOptions.builder().connectTimeout(CONNECT_LIMIT).build())
			.build());
	}

	/** Refuses what is no address of a Redis. */
	public static void check(String variable, @Nullable URI url) {
		if (url == null || !"redis".equals(url.getScheme()) || url.getHost() == null || !isAddress(url)) {
			throw new InvalidSettingException(variable, Objects.toString(url, ""),
					"a redis URL with a host, such as redis://redis:6379");
		}
	}

	private static boolean isAddress(URI url) {
		try {
			RedisURI.create(url);
			return true;
		}
		catch (IllegalArgumentException ex) {
			// Such as a port above 65535.
			return false;
		}
	}

	/** A key or a value. */
	public static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Sends commands, at most once.
	 * @return their answer, or a {@link ServiceFailure}
	 */
	public <T> Mono<T> ask(Function<RedisReactiveCommands<byte[], byte[]>, Mono<T>> commands) {
		return limited(ANSWER_LIMIT, (open) -> commands.apply(open.reactive()));
	}

	/**
	 * Sends one command, at most once, whose answer is a list, and waits for it.
	 * @return its answer
	 * @throws ServiceFailure if there is none
	 */
	public <T> List<T> list(Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<List<T>>> command) {
		return list(Duration.ZERO, command);
	}

	/**
	 * The same for a command with which Redis itself may wait.
	 * @param wait for how long, in addition to the limit of each command
	 */
	public <T> List<T> list(Duration wait, Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<List<T>>> command) {
		return limited(wait.plus(ANSWER_LIMIT),
				(open) -> Mono.fromFuture(() -> command.apply(open.async()).toCompletableFuture()))
			.blockOptional()
			.orElse(List.of());
	}

	private <T> Mono<T> limited(Duration limit, Function<StatefulRedisConnection<byte[], byte[]>, Mono<T>> commands) {
		return connected()
			.flatMap((open) -> commands.apply(open).timeout(limit).onErrorMap((failure) -> explain(open, failure)));
	}

	private Mono<StatefulRedisConnection<byte[], byte[]>> connected() {
		return Mono.defer(() -> {
			StatefulRedisConnection<byte[], byte[]> last = this.connection;
			if (last != null && last.isOpen()) {
				return Mono.just(last);
			}
			CompletableFuture<StatefulRedisConnection<byte[], byte[]>> opening = this.client
				.connectAsync(ByteArrayCodec.INSTANCE, this.uri)
				.toCompletableFuture();
			return Mono.fromFuture(opening, true)
				.timeout(CONNECT_LIMIT)
				.doOnNext((opened) -> this.connection = opened)
				// It may open later, and nothing else would close it.
				.doOnError((failure) -> opening.thenAccept(StatefulConnection::closeAsync))
				.onErrorMap((failure) -> new ServiceFailure("redis", reason(failure), false));
		});
	}

	/** Why there is no connection. */
	private static String reason(Throwable failure) {
		return (failure.getCause() instanceof RedisCommandTimeoutException) ? "no answer in time"
				: ServiceFailure.reason(failure);
	}

	private static ServiceFailure explain(StatefulRedisConnection<byte[], byte[]> connection, Throwable failure) {
		if (failure instanceof RedisCommandExecutionException refusal) {
			// Redis has answered. Its message begins with a word such as OOM or LOADING.
			String word = String.valueOf(refusal.getMessage()).split(" ", 2)[0].replaceAll("[^A-Z]", "");
			return new ServiceFailure("redis", "refused a command" + (word.isEmpty() ? "" : " (" + word + ")"), false);
		}
		// A late answer must not reach a later command.
		connection.closeAsync();
		return new ServiceFailure("redis",
				(failure instanceof TimeoutException) ? "no answer in time" : "connection broken", true);
	}

	/**
	 * Whether Redis has answered a command with an error.
	 * @param word how the error begins, such as {@code NOGROUP}
	 */
	public static boolean isRefusal(ServiceFailure failure, String word) {
		return String.valueOf(failure.getMessage()).endsWith("(" + word + ")");
	}

	/** Ends what waits for an answer, too. */
	@Override
	public void close() {
		if (this.closed.getAndSet(true)) {
			return;
		}
		this.client.shutdown(Duration.ZERO, CONNECT_LIMIT);
		this.resources.shutdown(0, CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
	}

}
