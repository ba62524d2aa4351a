package org.piswarm.consumer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;

import org.piswarm.consumer.FetchException.Kind;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Twenty minutes of polls that a consumer takes for its own when it starts: a replica
 * that comes later, a retry here and there, an outage.
 */
class History {

	private static final Duration STEP = Duration.ofSeconds(3);

	private static final int POLLS = 400;

	private static final String[] REPLICAS = { "producer-1@pi1", "producer-2@pi3", "producer-3@pi2" };

	/** The same numbers each time. */
	private final Random random = new Random(4);

	private Duration offset = STEP.multipliedBy(-POLLS);

	/** Lets a consumer that is about to start have this history. */
	void giveTo(GenericApplicationContext consumer) {
		consumer.registerBean("clockOfHistory", Clock.class, () -> new OffsetClock(),
				(definition) -> definition.setPrimary(true));
		consumer.registerBean("situationOfHistory", Situation.class,
				() -> new Situation(consumer.getBean(Changes.class), new OffsetClock(),
						consumer.getBean(Settings.class), () -> System.nanoTime() + this.offset.toNanos()),
				(definition) -> definition.setPrimary(true));
		// Before the loop starts to poll.
		consumer.registerBean("history", SmartInitializingSingleton.class, () -> () -> replay(consumer));
	}

	private void replay(GenericApplicationContext consumer) {
		Stats stats = consumer.getBean(Stats.class);
		Situation situation = consumer.getBean(Situation.class);
		Readings readings = consumer.getBean(Readings.class);
		for (int poll = 0; poll < POLLS; poll++) {
			stats.polled();
			if (poll >= 250 && poll < 266) {
				String reason = "connection refused";
				situation.retrying(1, new FetchException(Kind.TEMPORARY, reason));
				situation.failed(Kind.TEMPORARY, reason + " (http://producer:5000/number, 3 attempts)");
				stats.retried();
				stats.retried();
				stats.failed();
			}
			else {
				boolean retried = this.random.nextInt(90) == 0;
				if (retried) {
					situation.retrying(1, new FetchException(Kind.TEMPORARY, "status 503"));
					stats.retried();
				}
				// A connection lives for a minute; then another replica may have it.
				String replica = REPLICAS[(poll / 20) % ((poll < 120) ? 2 : 3)];
				int number = 1 + this.random.nextInt(180);
				long latency = (long) (2 + Math.exp(1 + this.random.nextGaussian() / 2) + (retried ? 190 : 0));
				stats.received(replica);
				situation.received(replica);
				readings.add(new Reading(number, replica, new OffsetClock().instant(), latency));
			}
			this.offset = this.offset.plus(STEP);
		}
	}

	/** Runs behind until all is replayed. */
	private final class OffsetClock extends Clock {

		@Override
		public Instant instant() {
			return Instant.now().plus(History.this.offset);
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
