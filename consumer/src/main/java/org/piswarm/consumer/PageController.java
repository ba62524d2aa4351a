package org.piswarm.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The live page, and what it lives on. */
@RestController
class PageController {

	/** Readings for the charts of a page that has just been opened: half an hour. */
	private static final int SHOWN = 600;

	private static final int SHOWN_NOTICES = 50;

	/** The page takes the consumer to be gone when it hears nothing for longer. */
	private static final Duration HEARTBEAT = Duration.ofSeconds(10);

	/** Nothing from elsewhere, and nothing that a number or a name could bring along. */
	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final Resource PAGE = new ClassPathResource("page/index.html");

	private final Readings readings;

	private final Stats stats;

	private final Situation situation;

	private final Changes changes;

	private final Settings settings;

	PageController(Readings readings, Stats stats, Situation situation, Changes changes, Settings settings) {
		this.readings = readings;
		this.stats = stats;
		this.situation = situation;
		this.changes = changes;
		this.settings = settings;
	}

	/** The page for a browser, which says that it wants HTML; a few words for curl. */
	@GetMapping("/")
	ResponseEntity<?> index(@RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
		ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
			.header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
			.cacheControl(CacheControl.noCache());
		if (accept.contains(MediaType.TEXT_HTML_VALUE)) {
			return answer.contentType(MediaType.TEXT_HTML)
				.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
				.header("X-Content-Type-Options", "nosniff")
				.header("Referrer-Policy", "no-referrer")
				.body(PAGE);
		}
		return answer.contentType(MediaType.TEXT_PLAIN).body(text());
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
			.forEach((entry) -> events.add(ServerSentEvent.builder(entry.value())
				.event("notice")
				.id(this.readings.run() + "-" + entry.number())
				.build()));
		events.add(ServerSentEvent.builder(status()).event("status").build());
		return events;
	}

	private Status status() {
		Situation.View view = this.situation.view();
		Long age = this.readings.latest().map((aged) -> aged.age().toMillis()).orElse(null);
		return new Status(view.state(), view.reason(), age, this.settings.pollInterval().toMillis(),
				this.readings.run(), this.stats.snapshot());
	}

	private String text() {
		String latest = this.readings.latest()
			.map((aged) -> "Latest number: %d, received %d s ago from %s".formatted(aged.reading().number(),
					aged.age().toSeconds(), aged.reading().replica()))
			.orElse("No number received yet");
		return latest + """


				/              the live page, in a browser
				/api/latest    the latest number and its age
				/api/stats     what was polled, received, retried
				/api/readings  each number as it arrives (server-sent events)
				/openapi.yml   all of this, for programs
				""";
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
