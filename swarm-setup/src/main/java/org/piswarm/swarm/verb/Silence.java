package org.piswarm.swarm.verb;

/**
 * Ends a wait for something that makes no progress. As long as it does, it may take long:
 * a Pi behind a slow Wi-Fi needs many minutes for an image.
 */
final class Silence {

	/** Longer than a slow SD card needs to unpack a large layer. */
	static final long LIMIT_SECONDS = 300;

	private long progress;

	private long since;

	Silence(long now) {
		this.since = now;
	}

	/**
	 * Whether it has lasted too long.
	 * @param now the time, in seconds
	 * @param amount a number that grows with each progress
	 */
	boolean isTooLong(long now, long amount) {
		if (amount != this.progress) {
			this.progress = amount;
			this.since = now;
		}
		return now - this.since > LIMIT_SECONDS;
	}

}
