package org.piswarm.conference.conferences;

import java.time.Instant;
import java.time.LocalDate;

/**
 * What other services learn about a change: how the conference is now, and not what was
 * done to it. So a receiver may skip an event if it knows a newer one.
 *
 * @param version the revision of the change
 * @param changed when it was made
 * @param deleted whether the conference no longer exists
 */
record ConferenceEvent(String href, String name, LocalDate starts, LocalDate ends, long version, Instant changed,
		boolean deleted) {

	static ConferenceEvent changed(Conference now) {
		return new ConferenceEvent(now.href(), now.name(), now.starts(), now.ends(), now.version(), now.changed(),
				false);
	}

	static ConferenceEvent deleted(Conference last, long version, Instant changed) {
		return new ConferenceEvent(last.href(), last.name(), last.starts(), last.ends(), version, changed, true);
	}

}
