package org.piswarm.bench;

/** What was asked for is not possible; the message is the one line for the user. */
class BenchException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String message;

	BenchException(String message) {
		super(message);
		this.message = message;
	}

	/** Never null, unlike that of other exceptions. */
	@Override
	public String getMessage() {
		return this.message;
	}

}
