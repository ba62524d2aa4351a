package org.piswarm.e2e;

import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.piswarm.testsupport.ConferenceOperations;

/** Clients of Conference: one request after the other, until they are stopped. */
final class ConferenceClients implements AutoCloseable {

	private final ConferenceOperations operations;

	/** Why there are no more requests, {@code null} while all answers were right. */
	private volatile @Nullable Throwable wrong;

	private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

	/** Starts with requests. */
	ConferenceClients(ConferenceOperations operations) {
		this.operations = operations;
		this.thread.scheduleWithFixedDelay(this::next, 0, 50, TimeUnit.MILLISECONDS);
	}

	private void next() {
		try {
			this.operations.next();
		}
		catch (InterruptedException | RuntimeException | AssertionError ex) {
			this.wrong = ex;
			throw new IllegalStateException(ex);
		}
	}

	/** How many requests each service has fulfilled. Fails if an answer was wrong. */
	Map<String, Integer> fulfilled() {
		Throwable wrong = this.wrong;
		if (wrong != null) {
			throw new AssertionError(wrong.getMessage(), wrong);
		}
		return this.operations.fulfilled();
	}

	/** Sends no more requests, and sums up. Fails if an answer was wrong. */
	String stop() {
		close();
		fulfilled();
		return this.operations.summary();
	}

	@Override
	public void close() {
		this.thread.shutdown();
		try {
			if (!this.thread.awaitTermination(30, TimeUnit.SECONDS)) {
				throw new AssertionError("the last request did not end within 30 s");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
