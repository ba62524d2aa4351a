package org.piswarm.conference.attendees;

import java.time.Duration;

import org.piswarm.conference.attendees.AttendeesApplication.Settings;
import org.piswarm.samples.Loop;
import org.piswarm.samples.Redis;

import org.springframework.stereotype.Component;

/**
 * Keeps the copies in step for as long as this service runs, in the way that SYNC says.
 */
@Component
class Sync extends Loop {

	/** The time limits of a turn add up to less, without its pause. */
	private static final Duration LONGEST_TURN = Duration.ofSeconds(120);

	private final Settings settings;

	private final Poller poller;

	private final Subscriber subscriber;

	private final Redis redis;

	private final Freshness freshness;

	Sync(Settings settings, Poller poller, Subscriber subscriber, Redis redis, Freshness freshness) {
		super("sync", settings.isPush() ? LONGEST_TURN : LONGEST_TURN.plus(settings.interval()));
		this.settings = settings;
		this.poller = poller;
		this.subscriber = subscriber;
		this.redis = redis;
		this.freshness = freshness;
	}

	@Override
	protected Duration turn() {
		return this.settings.isPush() ? this.subscriber.receive() : this.poller.poll();
	}

	/** Redis would let it wait for an event. */
	@Override
	protected void release() {
		this.freshness.stopping();
		this.redis.close();
	}

}
