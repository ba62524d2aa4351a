package org.piswarm.consumer;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

import org.springframework.stereotype.Component;

/** The latest reading, and those to come. */
@Component
class Readings {

	private final Sinks.Many<Reading> feed = Sinks.many().replay().latest();

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
	 * The latest reading if there is one, then each new one; ends with {@link #close}. A
	 * listener that does not keep up misses some, and nobody waits for it.
	 */
	Flux<Reading> feed() {
		return this.feed.asFlux().onBackpressureLatest();
	}

	/** Completes when the feeds end. */
	Mono<Void> closed() {
		return this.feed.asFlux().then();
	}

	/** Ends all feeds, as an endless answer would hold up a shutdown. */
	void close() {
		// A reading may just be on its way through.
		this.feed.emitComplete(EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
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
