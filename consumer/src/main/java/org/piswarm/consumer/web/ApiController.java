package org.piswarm.consumer.web;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.state.Journal;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.ReadingHistory;
import org.piswarm.consumer.state.StateChanges;
import org.piswarm.consumer.web.EventIds.Place;
import reactor.core.publisher.Flux;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers programs from memory. */
@RestController
class ApiController {

	/**
	 * While the producer is away there are no events, and a listener that left would go
	 * unnoticed.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private final ReadingHistory readings;

	private final PollCounts counts;

	private final StateChanges changes;

	private final EventStreams streams;

	private final EventIds ids;

	ApiController(ReadingHistory readings, PollCounts counts, StateChanges changes, EventStreams streams,
			EventIds ids) {
		this.readings = readings;
		this.counts = counts;
		this.changes = changes;
		this.streams = streams;
		this.ids = ids;
	}

	@GetMapping(path = "/api/latest", produces = MediaType.APPLICATION_JSON_VALUE)
	Latest latest() {
		return this.readings.latest()
			.map((aged) -> new Latest(aged.reading().number(), aged.reading().replica(), aged.reading().receivedAt(),
					aged.age().toMillis()))
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No number received yet"));
	}

	@GetMapping(path = "/api/stats", produces = MediaType.APPLICATION_JSON_VALUE)
	PollCounts.Snapshot stats() {
		return this.counts.snapshot();
	}

	/** Without "produces", so that it also answers clients that accept anything. */
	@GetMapping("/api/readings")
	Flux<Reading> newest(@RequestParam(defaultValue = "100") String limit) {
		// A Flux, so that a long list is sent in parts.
		return Flux.fromIterable(this.readings.newest(limit(limit)));
	}

	private static int limit(String value) {
		try {
			int limit = Integer.parseInt(value);
			if (limit >= 1 && limit <= ReadingHistory.CAPACITY) {
				return limit;
			}
		}
		catch (NumberFormatException ex) {
			// Reported below, like a number out of range.
		}
		throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
				"limit=%s is not allowed: it must be from 1 to %d".formatted(value, ReadingHistory.CAPACITY));
	}

	/** Starts with the latest reading, or after the one that the listener got last. */
	@GetMapping(path = "/api/readings", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<?>> stream(
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
		return this.streams.open(() -> readings(lastEventId));
	}

	/** The events of {@link #stream}, and heartbeats. */
	Flux<ServerSentEvent<?>> readings(@Nullable String lastEventId) {
		Journal<Reading>.Cursor cursor = this.ids.place(lastEventId)
			.map((place) -> this.readings.journal().cursor(place.reading()))
			.orElseGet(() -> this.readings.journal().cursorOfNewest(1));
		Flux<ServerSentEvent<?>> events = this.changes.signals()
			.concatMapIterable((signal) -> cursor.read(), 1)
			.map((entry) -> ServerSentEvent.builder(entry.value())
				.id(this.ids.id(new Place(entry.number(), 0)))
				.build());
		Flux<ServerSentEvent<?>> heartbeats = Flux.interval(HEARTBEAT)
			.onBackpressureDrop()
			.map((tick) -> EventStreams.comment("heartbeat"));
		return Flux.merge(events, heartbeats);
	}

	@GetMapping(path = "/openapi.yml", produces = MediaType.APPLICATION_YAML_VALUE)
	Resource description() {
		return new ClassPathResource("openapi.yml");
	}

	/**
	 * The answer of {@code /api/latest}.
	 *
	 * @param ageMillis time since the number arrived, in milliseconds
	 */
	record Latest(int number, String replica, Instant receivedAt, long ageMillis) {

	}

}
