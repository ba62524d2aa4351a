package org.piswarm.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the live page lives on. */
@RestController
class LiveController {

	/** Readings for the charts of a page that has just been opened: half an hour. */
	private static final int SHOWN = 600;

	private static final int SHOWN_NOTICES = 50;

	/**
	 * Well below the 25 s of silence after which the page takes the consumer to be gone.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	private final Readings readings;

	private final Stats stats;

	private final Situation situation;

	private final Changes changes;

	private final Settings settings;

	LiveController(Readings readings, Stats stats, Situation situation, Changes changes, Settings settings) {
		this.readings = readings;
		this.stats = stats;
		this.situation = situation;
		this.changes = changes;
		this.settings = settings;
	}

	/**
	 * Readings, notices and, after each poll at the latest, the status; the newest ones
	 * of before come first. A page that does not keep up gets what is new in one go.
	 */
	@GetMapping(path = "/api/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<?>> live() {
		Journal<Reading>.Cursor newReadings = this.readings.cursorOfNewest(SHOWN);
		Journal<Notice>.Cursor newNotices = this.situation.cursorOfNewest(SHOWN_NOTICES);
		Flux<?> heartbeats = Flux.interval(HEARTBEAT).onBackpressureDrop();
		return Flux.merge(this.changes.signals(), heartbeats)
			.onBackpressureLatest()
			.concatMapIterable((signal) -> events(newReadings, newNotices), 1)
			.takeUntilOther(this.changes.closed());
	}

	private List<ServerSentEvent<?>> events(Journal<Reading>.Cursor newReadings, Journal<Notice>.Cursor newNotices) {
		List<ServerSentEvent<?>> events = new ArrayList<>();
		newReadings.read()
			.forEach((entry) -> events
				.add(ServerSentEvent.builder(entry.value()).event("reading").id(this.readings.id(entry)).build()));
		newNotices.read()
			.forEach((entry) -> events
				.add(ServerSentEvent.builder(entry.value()).event("notice").id(this.readings.id(entry)).build()));
		events.add(ServerSentEvent.builder(status()).event("status").build());
		return events;
	}

	private Status status() {
		Situation.View view = this.situation.view();
		Long age = this.readings.latest().map((aged) -> aged.age().toMillis()).orElse(null);
		return new Status(view.state(), view.reason(), age, this.settings.pollInterval().toMillis(),
				this.readings.run(), this.stats.snapshot());
	}

	/**
	 * How things stand.
	 *
	 * @param reason why there is no number, {@code null} while they arrive
	 * @param ageMillis how long ago the latest number came, in milliseconds; {@code null}
	 * before the first
	 * @param pollIntervalMillis from the start of one poll to the start of the next
	 * @param run another one after each start of the consumer
	 */
	record Status(Situation.State state, @Nullable String reason, @Nullable Long ageMillis, long pollIntervalMillis,
			String run, Stats.Snapshot stats) {

	}

}
