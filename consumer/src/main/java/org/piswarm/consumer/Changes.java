package org.piswarm.consumer;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

import org.springframework.stereotype.Component;

/**
 * Wakes those who show something when there may be something new to see. What it is they
 * look up themselves, so whoever is slow has one thing to do and not a queue.
 */
@Component
class Changes {

	private final Sinks.Many<Boolean> signal = Sinks.many().replay().latestOrDefault(true);

	/** Says that something has changed. */
	void announce() {
		// Another one may just be on its way through.
		this.signal.emitNext(true, EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
	}

	/**
	 * A signal at once, and one after each change or several; ends with {@link #close}.
	 */
	Flux<Boolean> signals() {
		return this.signal.asFlux().onBackpressureLatest();
	}

	/** Completes when the signals end. */
	Mono<Void> closed() {
		return this.signal.asFlux().then();
	}

	/** Ends all feeds, as an endless answer would hold up a shutdown. */
	void close() {
		this.signal.emitComplete(EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
	}

}
