package org.piswarm.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;

/** Waits until a condition holds, for a bounded time. */
final class Wait {

	private Wait() {
	}

	/**
	 * Checks every half second until the condition holds. A check that throws counts as
	 * "not yet".
	 * @return how long it took
	 * @throws org.awaitility.core.ConditionTimeoutException if the condition does not
	 * hold in time; its cause is what the last check threw
	 */
	static Duration until(String what, Duration limit, Callable<Boolean> condition) {
		long start = System.nanoTime();
		// Arm64Tests waits while another class does: neither may fail by an exception in
		// a thread of the other.
		Awaitility.await(what)
			.dontCatchUncaughtExceptions()
			.ignoreExceptions()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(500))
			.atMost(limit)
			.until(condition);
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
