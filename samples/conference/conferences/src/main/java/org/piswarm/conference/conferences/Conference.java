package org.piswarm.conference.conferences;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A conference, as this service stores it and answers.
 *
 * @param version the revision of its last change
 * @param changed when that was
 */
record Conference(@JsonIgnore UUID id, String name, LocalDate starts, LocalDate ends, String description, long version,
		Instant changed) {

	/** What other services know it by. It is never used for another conference. */
	@JsonProperty
	String href() {
		return "/conferences/" + this.id;
	}

	String etag() {
		return "\"" + this.version + "\"";
	}

}
