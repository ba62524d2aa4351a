package org.piswarm.conference.attendees;

import java.time.Duration;

import org.piswarm.conference.attendees.AttendeesApplication.Settings;

import org.springframework.stereotype.Component;

/**
 * The simple way to stay in step: ask for all conferences now and then. The copies are up
 * to an interval old; and whatever was missed meanwhile, the next list has it.
 */
@Component
class Poller {

	private final ConferencesClient client;

	private final ConferenceCopies copies;

	private final Freshness freshness;

	private final Settings settings;

	Poller(ConferencesClient client, ConferenceCopies copies, Freshness freshness, Settings settings) {
		this.client = client;
		this.copies = copies;
		this.freshness = freshness;
		this.settings = settings;
	}

	/**
	 * Polls once.
	 * @return the time until the next poll is due
	 */
	Duration poll() {
		long start = System.nanoTime();
		this.freshness.attempt(() -> this.client.list(this.settings.hasEtag() ? this.copies.etag() : null)
			.ifPresent((list) -> this.freshness.applied(this.copies.replace(list))));
		Duration rest = this.settings.interval().minusNanos(System.nanoTime() - start);
		return rest.isNegative() ? Duration.ZERO : rest;
	}

}
