package org.piswarm.consumer.web;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The IDs of events: a place in this run's readings and one in its notices. An ID names
 * one event of a stream, and whatever comes after it.
 */
@Component
class EventIds {

	private static final Pattern ID = Pattern.compile("([0-9a-f]{8})-([0-9]{1,18})-([0-9]{1,18})");

	/** Differs from that of every other run: a restart counts from 1 again. */
	private final String run = UUID.randomUUID().toString().substring(0, 8);

	String run() {
		return this.run;
	}

	String id(Place place) {
		return "%s-%d-%d".formatted(this.run, place.reading(), place.notice());
	}

	/**
	 * The place after which a listener goes on.
	 * @param id of the last event that the listener got
	 * @return empty if there is no such ID; the beginning for an ID of another run, of
	 * which nothing is left
	 */
	Optional<Place> place(@Nullable String id) {
		Matcher matcher = ID.matcher((id != null) ? id : "");
		if (!matcher.matches()) {
			return Optional.empty();
		}
		if (!matcher.group(1).equals(this.run)) {
			return Optional.of(new Place(0, 0));
		}
		return Optional.of(new Place(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
	}

	/**
	 * How far a listener has got.
	 *
	 * @param reading the number of the last reading, 0 for none
	 * @param notice the number of the last notice, 0 for none
	 */
	record Place(long reading, long notice) {

	}

}
