package org.piswarm.consumer;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/** The latest reading, and those to come. */
@Component
class Readings {

	/** Drops readings for a listener that does not keep up; nobody waits for it. */
	private final Sinks.Many<Reading> feed = Sinks.many().multicast().directBestEffort();

	private volatile @Nullable Entry latest;

	void add(Reading reading) {
		this.latest = new Entry(reading, System.nanoTime());
		this.feed.tryEmitNext(reading);
	}

	/** Empty before the first reading. */
	Optional<Aged> latest() {
		return Optional.ofNullable(this.latest).map(Entry::aged);
	}

	/**
	 * The latest reading if there is one, then each new one; ends with {@link #close}.
	 */
	Flux<Reading> feed() {
		return Flux.concat(Flux.defer(() -> Flux.fromStream(latest().map(Aged::reading).stream())), this.feed.asFlux());
	}

	/** Completes when the feeds end. */
	Mono<Void> closed() {
		return this.feed.asFlux().then();
	}

	/** Ends all feeds, as an endless answer would hold up a shutdown. */
	void close() {
		this.feed.tryEmitComplete();
	}

	/**
	 * A reading and how long ago it came.
	 *
	 * @param age counted by a clock that cannot be set: a Pi's own may jump by years when
	 * it finds a time server
	 */
	record Aged(Reading reading, Duration age) {

	}

	private record Entry(Reading reading, long nanos) {

		Aged aged() {
			return new Aged(this.reading, Duration.ofNanos(System.nanoTime() - this.nanos));
		}

	}

}
