package org.piswarm.conference.attendees;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.piswarm.samples.Text;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A conference as another service describes it, in a list or in an event. Whatever does
 * not fit the contract is refused here; keys that this service does not know are ignored.
 *
 * @param version grows with each change
 * @param changed when it became so, {@code null} if that is unknown
 * @param deleted whether it no longer exists
 */
record RemoteConference(String href, String name, LocalDate starts, LocalDate ends, long version,
		@Nullable Instant changed, boolean deleted) {

	private static final Pattern HREF = Pattern.compile("/conferences/[A-Za-z0-9._~-]{1,80}");

	private static final int LONGEST_NAME = 200;

	private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

	private static final Instant TOO_LATE = Instant.parse("+10000-01-01T00:00:00Z");

	/**
	 * Reads a whole list.
	 * @throws IllegalArgumentException if any entry does not fit: a part of a list would
	 * look as if the rest were deleted
	 */
	static List<RemoteConference> list(byte[] json) {
		JsonNode list = tree(json);
		if (!list.isArray()) {
			throw new IllegalArgumentException("it is no JSON list");
		}
		List<RemoteConference> all = new ArrayList<>();
		list.forEach((entry) -> all.add(of(entry)));
		return all;
	}

	/**
	 * Reads one.
	 * @throws IllegalArgumentException if it does not fit
	 */
	static RemoteConference one(byte[] json) {
		return of(tree(json));
	}

	private static JsonNode tree(byte[] json) {
		try {
			return JsonMapper.shared().readTree(json);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("it is no JSON");
		}
	}

	private static RemoteConference of(JsonNode json) {
		String href = text(json, "href");
		String name = text(json, "name");
		long version = json.path("version").asLong(0);
		if (!isHref(href)) {
			throw new IllegalArgumentException("its href is not /conferences/ID");
		}
		if (name.isEmpty() || name.length() > LONGEST_NAME || !Text.isUsable(name)) {
			throw new IllegalArgumentException("its name does not have 1 to %d characters".formatted(LONGEST_NAME));
		}
		if (version <= 0) {
			throw new IllegalArgumentException("its version is no positive number");
		}
		try {
			return new RemoteConference(href, name, date(json, "starts"), date(json, "ends"), version, changed(json),
					json.path("deleted").asBoolean(false));
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("starts, ends or changed is no date");
		}
	}

	private static Instant changed(JsonNode json) {
		Instant changed = Instant.parse(text(json, "changed"));
		if (changed.isBefore(EARLIEST) || !changed.isBefore(TOO_LATE)) {
			// Java knows times whose difference to now is no number of milliseconds.
			throw new IllegalArgumentException("the year of changed is not from 1900 to 9999");
		}
		return changed;
	}

	private static LocalDate date(JsonNode json, String key) {
		String date = text(json, key);
		if (date.length() != "2027-03-14".length()) {
			// Java knows years that no database can store.
			throw new IllegalArgumentException("its year does not have four digits");
		}
		return LocalDate.parse(date);
	}

	/** Whether it can be the href of a conference. */
	static boolean isHref(String text) {
		return HREF.matcher(text).matches();
	}

	/** The same without the time of its change. */
	RemoteConference undated() {
		return new RemoteConference(this.href, this.name, this.starts, this.ends, this.version, null, this.deleted);
	}

	private static String text(JsonNode json, String key) {
		JsonNode value = json.path(key);
		if (!value.isString()) {
			throw new IllegalArgumentException("it has no text %s".formatted(key));
		}
		return value.asString();
	}

}
