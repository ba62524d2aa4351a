package org.piswarm.consumer;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Something that somebody who watches would want to know.
 *
 * @param kind what it is about
 * @param at by the clock of this machine
 * @param text for people, in one line
 */
record Notice(Kind kind, Instant at, String text) {

	enum Kind {

		/** The first replica to be heard from, or another one. */
		@JsonProperty("replica-appeared")
		REPLICA_APPEARED,

		/** A replica has not been heard from for longer than its turn takes. */
		@JsonProperty("replica-gone")
		REPLICA_GONE,

		/** An attempt failed, and there will be another. */
		@JsonProperty("retry")
		RETRY,

		/** A poll failed; said again only if the next ones fail for another reason. */
		@JsonProperty("failure")
		FAILURE,

		/** A number, after polls that failed. */
		@JsonProperty("recovery")
		RECOVERY

	}

}
