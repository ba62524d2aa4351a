package org.piswarm.consumer.polling;

import java.time.Duration;

/**
 * The time that one poll may take, attempts and waits together. It is shorter than the
 * poll interval, so that a poll is over before the next one is due.
 *
 * @param attemptTimeout the limit of each attempt, from looking up the name to the last
 * byte of the body
 * @param firstWait the mean wait before the second attempt; the next is twice as long
 */
record RetryBudget(Duration attemptTimeout, Duration firstWait) {

	static final int MAX_ATTEMPTS = 3;

	static final double MULTIPLIER = 2;

	/** Waits vary by this share, so that many consumers do not retry in step. */
	static final double JITTER = 0.5;

	private static final Duration FULL_INTERVAL = Duration.ofSeconds(3);

	/**
	 * Fits the budget into a poll interval: the full budget, worst case 2.775 s, for an
	 * interval of 3 s or more, and a share of it for a shorter one.
	 */
	static RetryBudget within(Duration pollInterval) {
		double share = Math.min(1, (double) pollInterval.toMillis() / FULL_INTERVAL.toMillis());
		return new RetryBudget(Duration.ofMillis((long) (700 * share)), Duration.ofMillis((long) (150 * share)));
	}

	/**
	 * How long an attempt waits for the name server if it knows an address already. With
	 * {@link #connectTimeout} it is shorter than an attempt, so that a failure has the
	 * right name: no connection, or no answer.
	 */
	Duration lookupTimeout() {
		return this.attemptTimeout.dividedBy(4);
	}

	/** How long an attempt waits for a connection. */
	Duration connectTimeout() {
		return this.attemptTimeout.multipliedBy(2).dividedBy(3);
	}

	/** The time of a poll whose attempts all time out and whose waits are longest. */
	Duration worstCase() {
		double waits = this.firstWait.toMillis() * (1 + MULTIPLIER) * (1 + JITTER);
		return this.attemptTimeout.multipliedBy(MAX_ATTEMPTS).plusMillis((long) Math.ceil(waits));
	}

}
