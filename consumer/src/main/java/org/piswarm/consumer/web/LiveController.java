package org.piswarm.consumer.web;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.Journal;
import org.piswarm.consumer.state.Notice;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.ReadingHistory;
import org.piswarm.consumer.state.StateChanges;
import reactor.core.publisher.Flux;

import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Streams to the live page what it shows. */
@RestController
class LiveController {

	/** Readings for the charts of a page that has just been opened: half an hour. */
	private static final int SHOWN_READINGS = 600;

	private static final int SHOWN_NOTICES = 50;

	/** Well below the 25 s of silence after which the page reports a lost consumer. */
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private final ReadingHistory readings;

	private final PollCounts counts;

	private final ProducerStatus status;

	private final StateChanges changes;

	private final EventStreams streams;

	private final EventIds ids;

	private final ConsumerProperties properties;

	LiveController(ReadingHistory readings, PollCounts counts, ProducerStatus status, StateChanges changes,
			EventStreams streams, EventIds ids, ConsumerProperties properties) {
		this.readings = readings;
		this.counts = counts;
		this.status = status;
		this.changes = changes;
		this.streams = streams;
		this.ids = ids;
		this.properties = properties;
	}

	/**
	 * Streams readings, notices and, after each poll, the status. Starts with the newest
	 * readings and notices, or after the event that the page got last; a page that reads
	 * slowly gets all new ones together.
	 * @param lastEventId sent by an {@code EventSource} that reconnects by itself
	 * @param after the same, from a page that opens a new {@code EventSource}, which
	 * takes no headers
	 */
	@GetMapping(path = "/api/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<?>> live(@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
			@RequestParam(name = "lastEventId", required = false) @Nullable String after) {
		return this.streams.open(() -> events((lastEventId != null) ? lastEventId : after));
	}

	/** The events of {@link #live}. */
	Flux<ServerSentEvent<?>> events(@Nullable String lastEventId) {
		LivePage page = this.ids.place(lastEventId)
			.map((place) -> page(this.readings.journal().cursor(place.reading()),
					this.status.notices().cursor(place.notice())))
			.orElseGet(() -> page(this.readings.journal().cursorOfNewest(SHOWN_READINGS),
					this.status.notices().cursorOfNewest(SHOWN_NOTICES)));
		Flux<?> heartbeats = Flux.interval(HEARTBEAT).onBackpressureDrop();
		return Flux.merge(this.changes.signals(), heartbeats)
			.onBackpressureLatest()
			.concatMap((signal) -> page.events(), 0);
	}

	private LivePage page(Journal<Reading>.Cursor newReadings, Journal<Notice>.Cursor newNotices) {
		return new LivePage(newReadings, newNotices, this.ids, this::status);
	}

	private Status status() {
		ProducerStatus.View view = this.status.view();
		Long age = this.readings.latest().map((aged) -> aged.age().toMillis()).orElse(null);
		return new Status(view.state(), view.reason(), age, this.properties.pollInterval().toMillis(), this.ids.run(),
				this.counts.snapshot());
	}

	/**
	 * The status of the producer and of this consumer.
	 *
	 * @param reason why there is no number, {@code null} while they arrive
	 * @param ageMillis time since the latest number arrived, in milliseconds;
	 * {@code null} before the first
	 * @param pollIntervalMillis from the start of one poll to the start of the next
	 * @param run differs after each start of the consumer
	 */
	record Status(ProducerStatus.State state, @Nullable String reason, @Nullable Long ageMillis,
			long pollIntervalMillis, String run, PollCounts.Snapshot stats) {

	}

}
