package org.piswarm.consumer.state;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.settings.ConsumerProperties;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** How the latest poll ended, and the notices of what happened before. */
@Component
public class ProducerStatus {

	static final int NOTICES = 200;

	private final Journal<Notice> notices = new Journal<>(NOTICES);

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final ReplicaTracker replicas;

	private State state = State.WAITING;

	private @Nullable String reason;

	private int failures;

	private long failingSince;

	@Autowired
	public ProducerStatus(Clock clock, ConsumerProperties properties) {
		this(clock, properties.pollInterval(), properties.connectionLife(), System::nanoTime);
	}

	public ProducerStatus(Clock clock, Duration pollInterval, Duration connectionLife, LongSupplier nanoTime) {
		this.clock = clock;
		this.replicas = new ReplicaTracker(pollInterval, connectionLife);
		this.nanoTime = nanoTime;
	}

	/** Records that a poll brought a number. */
	public synchronized void received(String replica) {
		long now = this.nanoTime.getAsLong();
		if (this.failures > 0) {
			notice(Notice.Kind.RECOVERY,
					"Numbers arrive again, after %s".formatted(polls(this.failures, now - this.failingSince)));
			this.replicas.leaveOut(now - this.failingSince);
		}
		this.state = State.RECEIVING;
		this.reason = null;
		this.failures = 0;
		if (this.replicas.answered(replica, now)) {
			notice(Notice.Kind.REPLICA_APPEARED, replica + " answers");
		}
		this.replicas.forgetSilent(now)
			.forEach((name, silence) -> notice(Notice.Kind.REPLICA_GONE,
					"%s has not answered for %d s".formatted(name, silence.toSeconds())));
	}

	/**
	 * Records that an attempt failed, and that another one follows.
	 * @param attempts how many attempts of this poll failed so far
	 */
	public synchronized void retried(int attempts, String reason) {
		// During an outage each poll retries; the notice of the failure is enough.
		if (this.failures == 0) {
			notice(Notice.Kind.RETRY, "Attempt %d failed, trying again: %s".formatted(attempts, reason));
		}
	}

	/**
	 * Records that a poll brought no number.
	 * @param state what that says about the producer, or about this consumer
	 */
	public synchronized void failed(State state, String reason) {
		if (this.failures++ == 0) {
			this.failingSince = this.nanoTime.getAsLong();
		}
		if (this.failures == 1 || !reason.equals(this.reason)) {
			notice(Notice.Kind.FAILURE, reason);
		}
		this.state = state;
		this.reason = reason;
	}

	/** How many polls failed since the latest number. */
	synchronized int failuresInARow() {
		return this.failures;
	}

	public synchronized View view() {
		return new View(this.state, this.reason);
	}

	public Journal<Notice> notices() {
		return this.notices;
	}

	private void notice(Notice.Kind kind, String text) {
		this.notices.add(new Notice(kind, this.clock.instant(), text));
	}

	private static String polls(int failures, long nanos) {
		return "%d failed %s in %d s".formatted(failures, (failures == 1) ? "poll" : "polls",
				Duration.ofNanos(nanos).toSeconds());
	}

	/** How the latest poll ended. */
	public enum State {

		/** No poll has ended yet. */
		@JsonProperty("waiting")
		WAITING,

		/** The poll brought a number. */
		@JsonProperty("receiving")
		RECEIVING,

		/** There was no usable answer: none at all, or one of status 5xx. */
		@JsonProperty("unreachable")
		UNREACHABLE,

		/** The answer holds no number, and another attempt would get the same. */
		@JsonProperty("refused")
		REFUSED,

		/** The consumer itself failed. */
		@JsonProperty("error")
		ERROR

	}

	/**
	 * The status at one moment.
	 *
	 * @param reason why there is no number, {@code null} while they arrive
	 */
	public record View(State state, @Nullable String reason) {

	}

}
