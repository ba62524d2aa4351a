package org.piswarm.conference.attendees;

import java.util.List;
import java.util.Optional;

import org.piswarm.conference.attendees.ConferenceCopies.Copy;

import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The attendees in the database, next to the copies: no other service is asked. */
@Component
class AttendeeStore {

	private static final String SELECT = "select a.id, a.name, a.email, a.company, a.conference, "
			+ "c.name as conference_name, c.deleted as conference_deleted "
			+ "from attendee a join conference_copy c on c.import_href = a.conference ";

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final ConferenceCopies copies;

	AttendeeStore(JdbcClient jdbc, TransactionTemplate transaction, ConferenceCopies copies) {
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.copies = copies;
	}

	/** Registers a person once, however often it is called; or says why it cannot. */
	Attendee register(Registration request) {
		return this.transaction.execute((status) -> {
			String href = request.conference();
			Copy conference = this.copies.find(href)
				.orElseThrow(() -> Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "Unknown conference",
						"No conference with this href is known here: GET /conferences lists those that are. "
								+ "If it is new, try again later"));
			if (conference.deleted()) {
				throw Problem.of(HttpStatus.CONFLICT, "Deleted conference",
						"%s was deleted: choose another conference of GET /conferences".formatted(conference.name()));
			}
			int added = this.jdbc.sql(
					"insert into attendee (name, email, company, conference) values (?, ?, ?, ?) on conflict do nothing")
				.params(request.name(), request.email(), request.company(), href)
				.update();
			Attendee attendee = this.jdbc.sql(SELECT + "where a.conference = ? and a.email = ?")
				.params(href, request.email())
				.query(Attendee.class)
				.single();
			if (added == 0) {
				throw Problem.of(HttpStatus.CONFLICT, "Registered already",
						"%s is registered for %s, as /attendees/%d: there is nothing to do".formatted(attendee.email(),
								attendee.conferenceName(), attendee.id()));
			}
			return attendee;
		});
	}

	Optional<Attendee> find(long id) {
		return this.jdbc.sql(SELECT + "where a.id = ?").param(id).query(Attendee.class).optional();
	}

	/**
	 * The attendees of a conference, also of a deleted one, in the order of their IDs.
	 */
	List<Attendee> of(String conference, long after, int limit) {
		if (this.copies.find(conference).isEmpty()) {
			throw Problem.of(HttpStatus.NOT_FOUND, "Unknown conference",
					"No conference with this href is known here: GET /conferences lists those that are");
		}
		return this.jdbc.sql(SELECT + "where a.conference = ? and a.id > ? order by a.id limit ?")
			.params(conference, after, limit)
			.query(Attendee.class)
			.list();
	}

	/**
	 * A person who wants to take part in a conference.
	 *
	 * @param conference its href
	 */
	record Registration(String name, String email, String company, String conference) {

	}

	/**
	 * A person who takes part in a conference.
	 *
	 * @param conference its href
	 * @param conferenceDeleted whether it no longer exists
	 */
	record Attendee(long id, String name, String email, String company, String conference, String conferenceName,
			boolean conferenceDeleted) {

	}

}
