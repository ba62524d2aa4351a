package org.piswarm.consumer.polling;

/**
 * Why a fetch brought no number. The message is a reason for people, in one line, and
 * holds no text that the producer chose.
 */
class FetchException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	enum Kind {

		/**
		 * No connection, no answer in time, or status 5xx: another attempt may succeed.
		 */
		TEMPORARY,

		/** Another status that is not 2xx: another attempt would get it again. */
		REFUSED,

		/** An answer that breaks the contract. */
		INVALID

	}

	private final Kind kind;

	FetchException(Kind kind, String reason) {
		super(reason);
		this.kind = kind;
	}

	Kind kind() {
		return this.kind;
	}

}
