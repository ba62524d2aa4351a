package org.piswarm.consumer;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Alive is a loop that polls, whatever it gets. Were it to depend on the producer, Swarm
 * would kill the consumers because the producer is down.
 */
@Component
class PollLoopHealthIndicator implements HealthIndicator {

	private final Poller poller;

	private final Duration limit;

	@Autowired
	PollLoopHealthIndicator(Poller poller, Settings settings) {
		this(poller, settings.pollInterval().multipliedBy(3).plusSeconds(10));
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
