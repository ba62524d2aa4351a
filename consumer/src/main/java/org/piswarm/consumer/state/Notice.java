package org.piswarm.consumer.state;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * An event that is worth the attention of people who watch.
 *
 * @param kind what it is about
 * @param at by the clock of this machine
 * @param text for people, in one line
 */
public record Notice(Kind kind, Instant at, String text) {

	/** What a notice is about. */
	public enum Kind {

		/** A replica answered for the first time, or again after it was gone. */
		@JsonProperty("replica-appeared")
		REPLICA_APPEARED,

		/** A replica has not answered for longer than its turn takes. */
		@JsonProperty("replica-gone")
		REPLICA_GONE,

		/** An attempt failed, and another one followed. */
		@JsonProperty("retry")
		RETRY,

		/** A poll failed; repeated only if the next polls fail for another reason. */
		@JsonProperty("failure")
		FAILURE,

		/** A number arrived, after polls that failed. */
		@JsonProperty("recovery")
		RECOVERY

	}

}
