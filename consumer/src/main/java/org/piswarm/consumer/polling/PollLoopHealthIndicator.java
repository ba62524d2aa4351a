package org.piswarm.consumer.polling;

import java.time.Duration;

import org.piswarm.consumer.settings.ConsumerProperties;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * The consumer is alive while its loop starts polls, whatever their outcome. If this
 * depended on the producer, Swarm would kill the consumers because the producer is down.
 */
@Component
class PollLoopHealthIndicator implements HealthIndicator {

	private final Poller poller;

	private final Duration limit;

	@Autowired
	PollLoopHealthIndicator(Poller poller, ConsumerProperties properties) {
		this(poller, properties.pollInterval().multipliedBy(3).plusSeconds(10));
	}

	PollLoopHealthIndicator(Poller poller, Duration limit) {
		this.poller = poller;
		this.limit = limit;
	}

	@Override
	public Health health() {
		Duration since = this.poller.sinceLastPoll();
		Health.Builder health = (since.compareTo(this.limit) < 0) ? Health.up() : Health.down();
		return health.withDetail("sinceLastPoll", since.toString()).build();
	}

}
