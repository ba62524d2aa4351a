package org.piswarm.consumer.web;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;

import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus;
import org.piswarm.consumer.state.ProducerStatus.State;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.ReadingHistory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Twenty minutes of polls with which a consumer starts: a replica that appears later, a
 * few retries, an outage.
 */
class History {

	private static final Duration STEP = Duration.ofSeconds(3);

	private static final int POLLS = 400;

	private static final String[] REPLICAS = { "producer-1@pi1", "producer-2@pi3", "producer-3@pi2" };

	/** The same numbers each time. */
	private final Random random = new Random(4);

	private Duration offset = STEP.multipliedBy(-POLLS);

	/** Adds this history to a consumer that is about to start. */
	void giveTo(GenericApplicationContext consumer) {
		consumer.registerBean("clockOfHistory", Clock.class, () -> new OffsetClock(),
				(definition) -> definition.setPrimary(true));
		consumer.registerBean("statusOfHistory", ProducerStatus.class, () -> status(consumer),
				(definition) -> definition.setPrimary(true));
		// Before the loop starts to poll.
		consumer.registerBean("history", SmartInitializingSingleton.class, () -> () -> replay(consumer));
	}

	private ProducerStatus status(GenericApplicationContext consumer) {
		ConsumerProperties properties = consumer.getBean(ConsumerProperties.class);
		return new ProducerStatus(new OffsetClock(), properties.pollInterval(), properties.connectionLife(),
				() -> System.nanoTime() + this.offset.toNanos());
	}

	private void replay(GenericApplicationContext consumer) {
		PollCounts counts = consumer.getBean(PollCounts.class);
		ProducerStatus status = consumer.getBean(ProducerStatus.class);
		ReadingHistory readings = consumer.getBean(ReadingHistory.class);
		for (int poll = 0; poll < POLLS; poll++) {
			counts.polled();
			if (poll >= 250 && poll < 266) {
				String reason = "connection refused";
				status.retried(1, reason);
				status.failed(State.UNREACHABLE, reason + " (http://producer:5000/number, 3 attempts)");
				counts.retried();
				counts.retried();
				counts.failed();
			}
			else {
				boolean retried = this.random.nextInt(90) == 0;
				if (retried) {
					status.retried(1, "status 503");
					counts.retried();
				}
				// A connection lives for a minute; the next one may reach another
				// replica.
				String replica = REPLICAS[(poll / 20) % ((poll < 120) ? 2 : 3)];
				int number = 1 + this.random.nextInt(180);
				long latency = (long) (2 + Math.exp(1 + this.random.nextGaussian() / 2) + (retried ? 190 : 0));
				counts.received(replica);
				status.received(replica);
				readings.add(new Reading(number, replica, new OffsetClock().instant(), latency));
			}
			this.offset = this.offset.plus(STEP);
		}
	}

	/** Late until all is replayed. */
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
