package org.piswarm.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
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

/** What the consumer knows, for programs. */
@RestController
class ApiController {

	/**
	 * While the producer is away nothing is sent, and a listener that left would go
	 * unnoticed.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private final Readings readings;

	private final Stats stats;

	private final Changes changes;

	ApiController(Readings readings, Stats stats, Changes changes) {
		this.readings = readings;
		this.stats = stats;
		this.changes = changes;
	}

	@GetMapping(path = "/api/latest", produces = MediaType.APPLICATION_JSON_VALUE)
	Latest latest() {
		return this.readings.latest()
			.map((aged) -> new Latest(aged.reading().number(), aged.reading().replica(), aged.reading().receivedAt(),
					aged.age().toMillis()))
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "No number received yet"));
	}

	@GetMapping(path = "/api/stats", produces = MediaType.APPLICATION_JSON_VALUE)
	Stats.Snapshot stats() {
		return this.stats.snapshot();
	}

	@GetMapping(path = "/api/readings", params = "limit", produces = MediaType.APPLICATION_JSON_VALUE)
	List<Reading> newest(@RequestParam int limit) {
		if (limit < 1 || limit > Readings.CAPACITY) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"limit=%d is not allowed: it must be from 1 to %d".formatted(limit, Readings.CAPACITY));
		}
		return this.readings.newest(limit);
	}

	@GetMapping(path = "/api/readings", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Reading>> feed(
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
		Journal<Reading>.Cursor cursor = Optional.ofNullable(lastEventId)
			.flatMap(this.readings::cursorAfter)
			.orElseGet(() -> this.readings.cursorOfNewest(1));
		Flux<ServerSentEvent<Reading>> events = this.readings.feed(cursor)
			.map((entry) -> ServerSentEvent.builder(entry.value()).id(this.readings.id(entry)).build());
		Flux<ServerSentEvent<Reading>> heartbeats = Flux.interval(HEARTBEAT)
			.onBackpressureDrop()
			.map((tick) -> ServerSentEvent.<Reading>builder().comment("still here").build());
		return Flux.merge(events, heartbeats).takeUntilOther(this.changes.closed());
	}

	@GetMapping(path = "/openapi.yml", produces = MediaType.APPLICATION_YAML_VALUE)
	Resource description() {
		return new ClassPathResource("openapi.yml");
	}

	/**
	 * The answer of {@code /api/latest}.
	 *
	 * @param ageMillis how long ago the number came, in milliseconds
	 */
	record Latest(int number, String replica, Instant receivedAt, long ageMillis) {

	}

}
