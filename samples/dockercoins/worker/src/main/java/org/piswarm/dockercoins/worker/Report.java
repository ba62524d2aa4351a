package org.piswarm.dockercoins.worker;

import java.time.Duration;
import java.util.function.IntFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.piswarm.samples.ServiceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Adds loops to the total in Redis once a second. If Redis may have added them and the
 * answer was lost, they are not sent again: to lose the counts of a second is better than
 * to count them twice. For one loop at a time.
 */
final class Report {

	private static final Logger logger = LoggerFactory.getLogger(Report.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** How long a loop takes at least: the pause, the rng and the hasher. */
	private static final Duration LOOP = Duration.ofMillis(300);

	private final IntFunction<Mono<Long>> addHashes;

	private final Counter perhapsLost;

	/** Those that Redis does not know yet. */
	private int loops;

	private long begun = System.nanoTime();

	Report(IntFunction<Mono<Long>> addHashes, MeterRegistry meters) {
		this.addHashes = addHashes;
		this.perhapsLost = Counter.builder("worker.hashes.perhaps.lost")
			.description("Hashes that Redis may not know, because it did not confirm them")
			.register(meters);
	}

	/** Counts a loop. */
	void add() {
		this.loops++;
	}

	/** Before the next loop would make it more than a second. */
	boolean isDue(long now) {
		return this.loops > 0 && now - this.begun + LOOP.toNanos() > INTERVAL.toNanos();
	}

	Mono<Void> sendIfDue() {
		return Mono.defer(() -> isDue(System.nanoTime()) ? send() : Mono.empty());
	}

	Mono<Void> send() {
		return Mono.defer(() -> {
			int count = begin();
			return (count == 0) ? Mono.empty()
					: this.addHashes.apply(count)
						.doOnError(ServiceFailure.class, (failure) -> failed(count, failure))
						.then();
		});
	}

	/** What Redis does not confirm now is lost. */
	Mono<Void> sendLast() {
		return send().doOnError((failure) -> perhapsLost(begin()));
	}

	private int begin() {
		int count = this.loops;
		this.loops = 0;
		this.begun = System.nanoTime();
		return count;
	}

	private void failed(int count, ServiceFailure failure) {
		if (failure.isPerhapsDone()) {
			perhapsLost(count);
		}
		else {
			this.loops += count;
		}
	}

	private void perhapsLost(int count) {
		if (count > 0) {
			this.perhapsLost.increment(count);
			logger.warn("Perhaps lost: {} hashes", count);
		}
	}

}
