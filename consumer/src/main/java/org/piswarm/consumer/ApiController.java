package org.piswarm.consumer;

import java.time.Duration;
import java.time.Instant;

import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class ApiController {

	private static final Duration HEARTBEAT = Duration.ofSeconds(15);

	private final Readings readings;

	private final Stats stats;

	ApiController(Readings readings, Stats stats) {
		this.readings = readings;
		this.stats = stats;
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
	String index() {
		String latest = this.readings.latest()
			.map((aged) -> "Latest number: %d, received %d s ago from %s".formatted(aged.reading().number(),
					aged.age().toSeconds(), aged.reading().replica()))
			.orElse("No number received yet");
		return latest + """


				/api/latest    the latest number and its age
				/api/stats     what was polled, received, retried
				/api/readings  each number as it arrives (server-sent events)
				""";
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

	@GetMapping(path = "/api/readings", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Reading>> readings() {
		Flux<ServerSentEvent<Reading>> events = this.readings.feed()
			.map((reading) -> ServerSentEvent.builder(reading).build());
		// While the producer is away nothing is sent, and a listener that left would go
		// unnoticed.
		Flux<ServerSentEvent<Reading>> heartbeats = Flux.interval(HEARTBEAT)
			.onBackpressureDrop()
			.map((tick) -> ServerSentEvent.<Reading>builder().comment("still here").build());
		return Flux.merge(events, heartbeats).takeUntilOther(this.readings.closed());
	}

	/**
	 * The answer of {@code /api/latest}.
	 *
	 * @param ageMillis how long ago the number came, in milliseconds
	 */
	record Latest(int number, String replica, Instant receivedAt, long ageMillis) {

	}

}
