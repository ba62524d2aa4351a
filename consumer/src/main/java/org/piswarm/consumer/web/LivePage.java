package org.piswarm.consumer.web;

import java.util.function.Supplier;

import org.piswarm.consumer.state.Journal;
import org.piswarm.consumer.state.Notice;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.web.EventIds.Place;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.codec.ServerSentEvent;

/** One open page, and how far it has got. Not for several threads. */
final class LivePage {

	private final Journal<Reading>.Cursor newReadings;

	private final Journal<Notice>.Cursor newNotices;

	private final EventIds ids;

	private final Supplier<?> status;

	private Place place;

	LivePage(Journal<Reading>.Cursor newReadings, Journal<Notice>.Cursor newNotices, EventIds ids, Supplier<?> status) {
		this.newReadings = newReadings;
		this.newNotices = newNotices;
		this.ids = ids;
		this.status = status;
		this.place = new Place(newReadings.number(), newNotices.number());
	}

	/**
	 * All that is new, and the status. Each event is created when the page is ready for
	 * it, so that a page that stops reading holds no memory for the others.
	 */
	Flux<ServerSentEvent<?>> events() {
		return Flux.concat(Flux.fromIterable(this.newReadings.read()).map(this::reading),
				Flux.fromIterable(this.newNotices.read()).map(this::notice),
				Mono.fromSupplier(() -> ServerSentEvent.builder(this.status.get()).event("status").build()));
	}

	private ServerSentEvent<?> reading(Journal.Entry<Reading> entry) {
		this.place = new Place(entry.number(), this.place.notice());
		return event("reading", entry.value());
	}

	private ServerSentEvent<?> notice(Journal.Entry<Notice> entry) {
		this.place = new Place(this.place.reading(), entry.number());
		return event("notice", entry.value());
	}

	private ServerSentEvent<?> event(String kind, Object value) {
		return ServerSentEvent.builder(value).event(kind).id(this.ids.id(this.place)).build();
	}

}
