package org.piswarm.conference.attendees;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.piswarm.samples.DatabaseFailure;
import org.piswarm.samples.ServiceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedRuntimeException;
import org.springframework.stereotype.Component;

/**
 * How old the copies are, and whether this service stays in step: for metrics and for the
 * page.
 */
@Component
class Freshness {

	private static final Logger logger = LoggerFactory.getLogger(Freshness.class);

	private static final int KEPT = 1000;

	private final Clock clock;

	private final Timer staleness;

	private final Counter requests;

	private final Counter bytes;

	private final Counter failures;

	private final Deque<Sample> samples = new ArrayDeque<>();

	private long number;

	private @Nullable Instant lastSuccess;

	private @Nullable String failure = "not yet tried";

	private volatile boolean stopping;

	Freshness(Clock clock, MeterRegistry meters) {
		this.clock = clock;
		this.staleness = Timer.builder("sync.staleness")
			.description("Time from a change to its copy, by the clocks of both services")
			.serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1),
					Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60),
					Duration.ofMinutes(10))
			.register(meters);
		this.requests = Counter.builder("sync.requests")
			.description("Requests for conferences and for events")
			.register(meters);
		this.bytes = Counter.builder("sync.bytes").description("Bytes of lists and events").register(meters);
		this.failures = Counter.builder("sync.failures").description("Attempts that failed").register(meters);
		Gauge.builder("sync.age.seconds", this, (freshness) -> freshness.age())
			.description("Time since the last success, or NaN before the first")
			.register(meters);
	}

	void requested() {
		this.requests.increment();
	}

	void received(int count) {
		this.bytes.increment(count);
	}

	/**
	 * Runs one attempt to stay in step, and records its outcome.
	 * @return whether it succeeded
	 */
	boolean attempt(Runnable attempt) {
		try {
			attempt.run();
			report(null);
			return true;
		}
		catch (ServiceFailure failure) {
			report(failure.getMessage());
		}
		catch (NestedRuntimeException failure) {
			report(DatabaseFailure.of(failure).reason());
		}
		catch (RuntimeException unexpected) {
			report("error in the service itself: its log says more");
			throw unexpected;
		}
		return false;
	}

	private synchronized void report(@Nullable String reason) {
		if (this.stopping) {
			return;
		}
		if (reason == null) {
			if (this.failure != null) {
				logger.info("In step with conferences");
			}
			this.lastSuccess = this.clock.instant();
		}
		else {
			this.failures.increment();
			if (!reason.equals(this.failure)) {
				logger.error("Not in step with conferences: {}", reason);
			}
		}
		this.failure = reason;
	}

	synchronized void applied(List<RemoteConference> changes) {
		changes.forEach(this::applied);
	}

	private void applied(RemoteConference change) {
		Instant now = this.clock.instant();
		Long millis = null;
		if (change.changed() != null) {
			// The clocks of two machines may differ.
			Duration staleness = Duration.between(change.changed(), now);
			millis = Math.max(0, staleness.toMillis());
			this.staleness.record(Duration.ofMillis(millis));
		}
		this.samples.addLast(new Sample(++this.number, change.href(), change.version(), now.toEpochMilli(), millis));
		if (this.samples.size() > KEPT) {
			this.samples.removeFirst();
		}
	}

	/** What fails now does so because this service ends. */
	void stopping() {
		this.stopping = true;
	}

	private synchronized double age() {
		return (this.lastSuccess != null) ? Duration.between(this.lastSuccess, this.clock.instant()).toMillis() / 1000.0
				: Double.NaN;
	}

	/**
	 * The state, and new samples.
	 * @param after the number of the last sample that is known
	 */
	synchronized View view(long after) {
		return new View(this.clock.millis(), this.failure,
				(this.lastSuccess != null) ? this.lastSuccess.toEpochMilli() : null,
				this.samples.stream().filter((sample) -> sample.number() > after).toList());
	}

	/**
	 * A change that was applied.
	 *
	 * @param applied when, in milliseconds since 1970
	 * @param staleness in milliseconds, {@code null} if it is unknown
	 */
	record Sample(long number, String href, long version, long applied, @Nullable Long staleness) {

	}

	/**
	 * The state now.
	 *
	 * @param now in milliseconds since 1970
	 * @param failure why this service is not in step, {@code null} if it is
	 * @param lastSuccess in milliseconds since 1970
	 */
	record View(long now, @Nullable String failure, @Nullable Long lastSuccess, List<Sample> samples) {

	}

}
