package org.piswarm.conference.conferences;

import java.time.Duration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.piswarm.conference.conferences.Outbox.Forwarded;
import org.piswarm.samples.DatabaseFailure;
import org.piswarm.samples.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedRuntimeException;
import org.springframework.stereotype.Component;

/**
 * Publishes what is in the outbox: after each change of this replica, and every second.
 */
@Component
class OutboxPublisher extends Loop {

	private static final Logger logger = LoggerFactory.getLogger(OutboxPublisher.class);

	/** For what another replica, or this one before it was killed, has left. */
	private static final Duration INTERVAL = Duration.ofSeconds(1);

	/** PostgreSQL ends a transaction that pauses for 10 s. */
	private static final Duration BATCH_LIMIT = Duration.ofSeconds(5);

	/**
	 * That of a batch, and the time limits of the database and of Redis, add up to less.
	 */
	private static final Duration STUCK_AFTER = Duration.ofSeconds(120);

	private final Outbox outbox;

	private final ConferenceStream stream;

	private final Counter published;

	private volatile long waiting;

	private @Nullable String failure;

	OutboxPublisher(Outbox outbox, ConferenceStream stream, MeterRegistry meters) {
		super("outbox", STUCK_AFTER);
		this.outbox = outbox;
		this.stream = stream;
		this.published = Counter.builder("outbox.published")
			.description("Events that this replica has published")
			.register(meters);
		Gauge.builder("outbox.waiting", () -> this.waiting)
			.description("Events that are committed and not yet published")
			.register(meters);
	}

	@Override
	protected Duration turn() {
		try {
			this.outbox.dropOld();
			long before = this.outbox.waiting();
			this.waiting = before;
			Forwarded forwarded = this.outbox.forward(BATCH_LIMIT, this.stream::publish);
			this.waiting = Math.max(0, before - forwarded.count());
			this.published.increment(forwarded.count());
			if (forwarded.failure() == null) {
				report(null);
				return (forwarded.count() > 0) ? Duration.ZERO : INTERVAL;
			}
			report(forwarded.failure().getMessage());
		}
		catch (NestedRuntimeException exception) {
			DatabaseFailure failure = DatabaseFailure.of(exception);
			// If it is locked, another replica publishes.
			if (failure.kind() != DatabaseFailure.Kind.LOCKED) {
				report(failure.reason());
			}
		}
		return INTERVAL;
	}

	/** One line when it changes, and not one each second. */
	private void report(@Nullable String reason) {
		if (reason != null && !reason.equals(this.failure)) {
			logger.error("Changes are stored, but not published: {}", reason);
		}
		if (reason == null && this.failure != null) {
			logger.info("Changes are published again");
		}
		this.failure = reason;
	}

}
