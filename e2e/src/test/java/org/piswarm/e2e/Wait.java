package org.piswarm.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what can be observed, for a bounded time. */
final class Wait {

	private Wait() {
	}

	/**
	 * Looks every half second until the condition holds; a look that fails counts as no.
	 * @return how long it took
	 * @throws AssertionError that says what did not happen, when time has run out
	 */
	static Duration until(String what, Duration limit, Callable<Boolean> condition) {
		long start = System.nanoTime();
		Throwable last = null;
		while (true) {
			try {
				if (condition.call()) {
					return Duration.ofNanos(System.nanoTime() - start);
				}
				last = null;
			}
			catch (Exception | AssertionError ex) {
				last = ex;
			}
			if (System.nanoTime() - start > limit.toNanos()) {
				throw new AssertionError("not within " + limit.toSeconds() + " s: " + what, last);
			}
			try {
				Thread.sleep(500);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
