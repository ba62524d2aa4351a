package org.piswarm.consumer.web;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.StateChanges;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * Opens streams of server-sent events: no more than the memory allows, since data waits
 * in a buffer for each listener that reads slowly.
 */
@Component
class EventStreams {

	private final AtomicInteger open = new AtomicInteger();

	private final int limit;

	private final StateChanges changes;

	private final Counter refused;

	EventStreams(ConsumerProperties properties, StateChanges changes, MeterRegistry meters) {
		this.limit = properties.maxStreams();
		this.changes = changes;
		this.refused = Counter.builder("consumer.streams.refused")
			.description("Event streams that were refused because too many were open")
			.register(meters);
	}

	/**
	 * Starts with a comment, so that a listener has its headers before the first event,
	 * and ends when the application stops.
	 * @return the stream, or status 503 if too many are open
	 */
	Flux<ServerSentEvent<?>> open(Supplier<Flux<ServerSentEvent<?>>> events) {
		return Flux.using(this::take,
				(place) -> Flux.<ServerSentEvent<?>>just(comment("connected"))
					.concatWith(Flux.defer(events))
					.takeUntilOther(this.changes.closed()),
				(place) -> this.open.decrementAndGet());
	}

	private int take() {
		int place = this.open.incrementAndGet();
		if (place > this.limit) {
			this.open.decrementAndGet();
			this.refused.increment();
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"%d event streams are open, which is the limit: try again later".formatted(this.limit));
		}
		return place;
	}

	static ServerSentEvent<?> comment(String text) {
		return ServerSentEvent.builder().comment(text).build();
	}

}
