package org.piswarm.conference.conferences;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;

import org.jspecify.annotations.Nullable;
import org.piswarm.samples.Text;

/** What a client sends, which may be anything. */
record ConferenceRequest(@Nullable String name, @Nullable String starts, @Nullable String ends,
		@Nullable String description) {

	private static final int LONGEST_NAME = 200;

	private static final int LONGEST_DESCRIPTION = 500;

	/** Checks it, and reports the first error. */
	Draft checked() {
		String name = (this.name != null) ? this.name.strip() : "";
		if (name.isEmpty() || name.length() > LONGEST_NAME || !Text.isLine(name)) {
			throw Problem.badInput("name", this.name, "a line of 1 to %d characters, such as \"Pi Days\"",
					LONGEST_NAME);
		}
		LocalDate starts = date("starts", this.starts);
		LocalDate ends = date("ends", this.ends);
		if (ends.isBefore(starts)) {
			throw Problem.badInput("ends", this.ends, "the day of starts, which is %s, or a later one", starts);
		}
		String description = (this.description != null) ? this.description.strip() : "";
		if (description.length() > LONGEST_DESCRIPTION || !Text.isUsable(description)) {
			throw Problem.badInput("description", this.description, "a text of up to %d characters",
					LONGEST_DESCRIPTION);
		}
		return new Draft(name, starts, ends, description);
	}

	private static LocalDate date(String field, @Nullable String value) {
		try {
			LocalDate date = LocalDate.parse(String.valueOf(value));
			if (date.getYear() >= 1900 && date.getYear() <= 9999) {
				return date;
			}
		}
		catch (DateTimeParseException ex) {
			// The same as a date that nobody means.
		}
		throw Problem.badInput(field, value, "a date from 1900 to 9999, such as 2027-03-14");
	}

	/** What a conference will be. */
	record Draft(String name, LocalDate starts, LocalDate ends, String description) {

	}

}
