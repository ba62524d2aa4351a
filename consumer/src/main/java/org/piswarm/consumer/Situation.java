package org.piswarm.consumer;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.FetchException.Kind;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** How polling goes right now, and the notices of what happened on the way. */
@Component
class Situation {

	static final int NOTICES = 200;

	private final Journal<Notice> notices = new Journal<>(NOTICES);

	private final Changes changes;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final Replicas replicas;

	private State state = State.WAITING;

	private @Nullable String reason;

	private int failures;

	private long failingSince;

	@Autowired
	Situation(Changes changes, Clock clock, Settings settings) {
		this(changes, clock, settings, System::nanoTime);
	}

	Situation(Changes changes, Clock clock, Settings settings, LongSupplier nanoTime) {
		this.replicas = new Replicas(settings.pollInterval());
		this.changes = changes;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	/** A number came; the reading itself is what gets announced. */
	synchronized void received(String replica) {
		long now = this.nanoTime.getAsLong();
		if (this.failures > 0) {
			notice(Notice.Kind.RECOVERY,
					"Numbers arrive again, after %s".formatted(polls(this.failures, now - this.failingSince)));
			// While none could be asked, none was silent.
			this.replicas.excuse(now - this.failingSince);
		}
		this.state = State.RECEIVING;
		this.reason = null;
		this.failures = 0;
		if (this.replicas.heard(replica, now)) {
			notice(Notice.Kind.REPLICA_APPEARED, replica + " answers");
		}
		this.replicas.forgetSilent(now)
			.forEach((name, silence) -> notice(Notice.Kind.REPLICA_GONE,
					"%s has not answered for %d s".formatted(name, silence.toSeconds())));
	}

	/**
	 * An attempt failed, and another will be made.
	 * @param failed how many attempts of this poll failed so far
	 */
	synchronized void retrying(int failed, Throwable failure) {
		// In an outage each poll retries; that was said.
		if (this.failures == 0) {
			this.state = State.RETRYING;
			this.reason = failure.getMessage();
			notice(Notice.Kind.RETRY, "Attempt %d failed, trying again: %s".formatted(failed, failure.getMessage()));
			this.changes.announce();
		}
	}

	synchronized void failed(Kind kind, String failure) {
		if (this.failures++ == 0) {
			this.failingSince = this.nanoTime.getAsLong();
		}
		if (this.failures == 1 || !failure.equals(this.reason)) {
			notice(Notice.Kind.FAILURE, failure);
		}
		this.state = (kind == Kind.TEMPORARY) ? State.UNREACHABLE : State.REFUSED;
		this.reason = failure;
		this.changes.announce();
	}

	/** How many polls have failed since the latest number. */
	synchronized int failuresInARow() {
		return this.failures;
	}

	synchronized View view() {
		return new View(this.state, this.reason);
	}

	/** For listeners, from the newest notices on. */
	Journal<Notice>.Cursor cursorOfNewest(int count) {
		return this.notices.cursorOfNewest(count);
	}

	private void notice(Notice.Kind kind, String text) {
		this.notices.add(new Notice(kind, this.clock.instant(), text));
	}

	private static String polls(int failures, long nanos) {
		return "%d failed %s in %d s".formatted(failures, (failures == 1) ? "poll" : "polls",
				Duration.ofNanos(nanos).toSeconds());
	}

	enum State {

		/** No poll has ended yet. */
		@JsonProperty("waiting")
		WAITING,

		/** The latest poll brought a number. */
		@JsonProperty("receiving")
		RECEIVING,

		/** The latest attempt failed, and another will follow. */
		@JsonProperty("retrying")
		RETRYING,

		/** The latest poll ended without a usable answer: none, or of status 5xx. */
		@JsonProperty("unreachable")
		UNREACHABLE,

		/** The latest poll got an answer that holds no number, and will not by trying. */
		@JsonProperty("refused")
		REFUSED

	}

	/**
	 * The situation at one moment.
	 *
	 * @param reason why there is no number, {@code null} while they arrive
	 */
	record View(State state, @Nullable String reason) {

	}

}
