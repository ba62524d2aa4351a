package org.piswarm.dockercoins.webui;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.lettuce.core.KeyValue;
import org.jspecify.annotations.Nullable;
import org.piswarm.samples.Redis;
import org.piswarm.samples.ServiceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads the counts from Redis once a second, however many pages are open, and keeps those
 * of the last ten minutes for the chart of a page that has just been opened.
 */
@Component
class Counts implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Counts.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final int KEPT = 600;

	/** A failure's text is from Redis, so anyone may have written it. */
	private static final int MAX_TEXT = 200;

	private final Redis redis;

	private final Clock clock;

	/** A Pi's clock may be set back, this one may not. */
	private final long start = System.nanoTime();

	private final Deque<Sample> samples = new ArrayDeque<>();

	private @Nullable String redisFailure = "redis: not asked yet";

	private @Nullable String workerFailure;

	private @Nullable Disposable loop;

	Counts(Redis redis, Clock clock) {
		this.redis = redis;
		this.clock = clock;
	}

	private long millis() {
		return Duration.ofNanos(System.nanoTime() - this.start).toMillis();
	}

	private Mono<Void> read() {
		return this.redis
			.ask((redis) -> redis.mget(Redis.bytes("hashes"), Redis.bytes("failure"))
				.collectList()
				.zipWith(redis.hlen(Redis.bytes("wallet"))))
			.doOnNext((answer) -> received(answer.getT1(), answer.getT2()))
			.onErrorResume((failure) -> Mono.fromRunnable(() -> failed(failure)))
			.then();
	}

	private synchronized void received(List<KeyValue<byte[], byte[]>> values, long coins) {
		long hashes = Long.parseLong(values.get(0).map(Counts::text).getValueOrElse("0"));
		if (this.redisFailure != null) {
			logger.info("Redis answers: {} hashes, {} coins", hashes, coins);
		}
		this.redisFailure = null;
		this.workerFailure = values.get(1).map(Counts::text).getValueOrElse(null);
		this.samples.addLast(new Sample(millis(), this.clock.millis(), hashes, coins));
		if (this.samples.size() > KEPT) {
			this.samples.removeFirst();
		}
	}

	private synchronized void failed(Throwable failure) {
		String reason = (failure instanceof ServiceFailure) ? String.valueOf(failure.getMessage())
				: "redis: the key hashes has no number";
		if (!reason.equals(this.redisFailure)) {
			logger.error("{}", reason);
		}
		this.redisFailure = reason;
	}

	private static String text(byte[] value) {
		String text = new String(value, 0, Math.min(value.length, MAX_TEXT), StandardCharsets.UTF_8);
		return text.replaceAll("\\p{Cntrl}", "?");
	}

	/**
	 * What the page shows.
	 * @param after the time of the last sample that the page has
	 */
	synchronized View view(long after) {
		return view(this.samples.stream().filter((sample) -> sample.at() > after).toList());
	}

	/** The last sample alone, if there is one. */
	synchronized View latest() {
		Sample last = this.samples.peekLast();
		return view((last != null) ? List.of(last) : List.of());
	}

	private View view(List<Sample> some) {
		return new View(millis(), this.redisFailure, this.workerFailure, some);
	}

	@Override
	public void start() {
		this.loop = Flux.interval(Duration.ZERO, INTERVAL)
			.onBackpressureDrop()
			.concatMap((tick) -> read(), 0)
			.subscribe(null, (ex) -> logger.error("The loop has ended", ex));
	}

	@Override
	public void stop() {
		if (this.loop != null) {
			this.loop.dispose();
			this.loop = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

	/**
	 * The counts at one moment.
	 *
	 * @param at in milliseconds since the start of this webui
	 * @param time in milliseconds since 1970
	 */
	record Sample(long at, @JsonIgnore long time, long hashes, long coins) {

	}

	/**
	 * The state now, and new samples.
	 *
	 * @param now in milliseconds since the start of this webui
	 * @param redisFailure why there are no counts, {@code null} while there are
	 * @param workerFailure what a worker said a few seconds ago, {@code null} for nothing
	 * @param samples the oldest first
	 */
	record View(long now, @Nullable String redisFailure, @Nullable String workerFailure, List<Sample> samples) {

	}

}
