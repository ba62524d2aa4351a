package org.piswarm.consumer;

/**
 * Why there is no number; its message is a reason for people, in one line and without
 * text that the producer chose.
 */
class FetchException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	enum Kind {

		/** No connection, no answer in time, or a 5xx: worth another attempt. */
		TEMPORARY,

		/** A status that another attempt would get again. */
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
