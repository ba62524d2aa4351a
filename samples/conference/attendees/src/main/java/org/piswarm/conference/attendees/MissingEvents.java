package org.piswarm.conference.attendees;

import org.piswarm.conference.attendees.EventStream.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Notices that an event is missing, and keeps in the database that a list of all
 * conferences is needed: this outlives a restart, and all replicas know it.
 */
@Component
class MissingEvents {

	private static final Logger logger = LoggerFactory.getLogger(MissingEvents.class);

	private final JdbcClient jdbc;

	private final EventStream stream;

	/** The revision of the event that this replica had last. */
	private long last;

	MissingEvents(JdbcClient jdbc, EventStream stream) {
		this.jdbc = jdbc;
		this.stream = stream;
	}

	ListRequest request() {
		return this.jdbc.sql("select asked, answered, revision from list_request").query(ListRequest.class).single();
	}

	/**
	 * Whether one before an event is missing. Revisions have no gaps. If the one before
	 * was not the last one here, another replica may have had it, but then the stream has
	 * it too.
	 * @param listed the revision of the last list
	 */
	boolean isOneMissingBefore(Event event, long listed) {
		long revision = event.revision();
		boolean missing = revision != this.last + 1 && revision > listed + 1
				&& revision > this.stream.revisionBefore(event) + 1;
		this.last = revision;
		return missing;
	}

	/** Always counts, because a list that was requested before does not answer this. */
	void askForList(String reason) {
		if (!request().isOpen()) {
			logger.warn("The list of all conferences is needed: {}", reason);
		}
		this.jdbc.sql("update list_request set asked = asked + 1").update();
	}

	/**
	 * A list is in the copies.
	 * @param request as it was before the list was requested
	 */
	void answered(ListRequest request, long revision) {
		this.jdbc.sql("update list_request set answered = greatest(answered, ?), revision = greatest(revision, ?)")
			.params(request.asked(), revision)
			.update();
	}

	/**
	 * The row of the table.
	 *
	 * @param asked how often a list was asked for
	 * @param answered which of these the last list has answered
	 * @param revision of the last list, which the events continue
	 */
	record ListRequest(long asked, long answered, long revision) {

		boolean isOpen() {
			return this.asked > this.answered;
		}

	}

}
