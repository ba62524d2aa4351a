package org.piswarm.swarm.known;

/** What ends a verb with one line on standard error and exit code 1. */
public class Failure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public Failure(String message) {
		super(message, null, false, false);
	}

}
