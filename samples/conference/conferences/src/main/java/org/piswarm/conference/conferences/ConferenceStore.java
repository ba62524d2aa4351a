package org.piswarm.conference.conferences;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.piswarm.conference.conferences.ConferenceRequest.Draft;

import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The conferences in the database. Each change and its event are one transaction: either
 * both are stored, or none.
 * <p>
 * Not by {@code @Transactional}: its proxies are written by the build, with methods in a
 * random order. So each build would make another image, and Swarm would start it.
 */
@Component
class ConferenceStore {

	/**
	 * The list of all must fit the heap of 48 MB, four times at once; and attendees
	 * accepts 4 MB.
	 */
	private static final int MOST = 1000;

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final Outbox outbox;

	private final Clock clock;

	ConferenceStore(JdbcClient jdbc, TransactionTemplate transaction, Outbox outbox, Clock clock) {
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.outbox = outbox;
		this.clock = clock;
	}

	/** Grows with each change of any conference. */
	long revision() {
		return this.jdbc.sql("select number from revision").query(Long.class).single();
	}

	List<Conference> all() {
		return this.jdbc.sql("select * from conference order by starts, name, id")
			.query(ConferenceStore::conference)
			.list();
	}

	Conference get(String id) {
		return this.jdbc.sql("select * from conference where id = ?")
			.param(uuid(id))
			.query(ConferenceStore::conference)
			.optional()
			.orElseThrow(() -> Problem.unknown(id));
	}

	Conference create(Draft draft) {
		return this.transaction.execute((status) -> {
			long revision = nextRevision();
			if (this.jdbc.sql("select count(*) from conference").query(Integer.class).single() >= MOST) {
				throw Problem.of(HttpStatus.CONFLICT, "Too many conferences",
						"There are %d conferences, and no more fit: delete old ones".formatted(MOST));
			}
			Conference created = conference(UUID.randomUUID(), draft, revision);
			this.jdbc
				.sql("insert into conference (id, name, starts, ends, description, version, changed) "
						+ "values (:id, :name, :starts, :ends, :description, :version, :changed)")
				.param("id", created.id())
				.param("name", created.name())
				.param("starts", created.starts())
				.param("ends", created.ends())
				.param("description", created.description())
				.param("version", created.version())
				.param("changed", created.changed().atOffset(ZoneOffset.UTC))
				.update();
			this.outbox.add(ConferenceEvent.changed(created));
			return created;
		});
	}

	/**
	 * Replaces a conference.
	 * @param ifMatch the ETags of which it must have one, {@code null} for any
	 */
	Conference update(String id, Draft draft, @Nullable String ifMatch) {
		return this.transaction.execute((status) -> {
			long revision = nextRevision();
			checkMatch(get(id), ifMatch);
			Conference updated = conference(uuid(id), draft, revision);
			this.jdbc
				.sql("update conference set name = :name, starts = :starts, ends = :ends, description = :description, "
						+ "version = :version, changed = :changed where id = :id")
				.param("id", updated.id())
				.param("name", updated.name())
				.param("starts", updated.starts())
				.param("ends", updated.ends())
				.param("description", updated.description())
				.param("version", updated.version())
				.param("changed", updated.changed().atOffset(ZoneOffset.UTC))
				.update();
			this.outbox.add(ConferenceEvent.changed(updated));
			return updated;
		});
	}

	/**
	 * Deletes a conference.
	 * @param ifMatch the ETags of which it must have one, {@code null} for any
	 */
	void delete(String id, @Nullable String ifMatch) {
		this.transaction.executeWithoutResult((status) -> {
			long revision = nextRevision();
			Conference last = get(id);
			checkMatch(last, ifMatch);
			this.jdbc.sql("delete from conference where id = ?").param(last.id()).update();
			this.outbox.add(ConferenceEvent.deleted(last, revision, now()));
		});
	}

	/**
	 * The first step of each change: it locks the row until the transaction ends, so that
	 * revisions are in the order in which changes are committed.
	 */
	private long nextRevision() {
		this.jdbc.sql("update revision set number = number + 1").update();
		return revision();
	}

	private static void checkMatch(Conference now, @Nullable String ifMatch) {
		if (ifMatch != null && Arrays.stream(ifMatch.split(","))
			.map(String::strip)
			.noneMatch((tag) -> tag.equals("*") || tag.equals(now.etag()))) {
			throw Problem.of(HttpStatus.PRECONDITION_FAILED, "Changed meanwhile",
					"The conference has the ETag %s now, which is not in If-Match: read it again, and send its ETag as it is"
						.formatted(now.etag()));
		}
	}

	private static UUID uuid(String id) {
		try {
			UUID uuid = UUID.fromString(id);
			if (uuid.toString().equals(id)) {
				return uuid;
			}
		}
		catch (IllegalArgumentException ex) {
			// No conference has such an id.
		}
		throw Problem.unknown(id);
	}

	private Instant now() {
		// What each database can store.
		return this.clock.instant().truncatedTo(ChronoUnit.MILLIS);
	}

	private Conference conference(UUID id, Draft draft, long version) {
		return new Conference(id, draft.name(), draft.starts(), draft.ends(), draft.description(), version, now());
	}

	private static Conference conference(ResultSet row, int number) throws SQLException {
		return new Conference(row.getObject("id", UUID.class), row.getString("name"),
				row.getObject("starts", LocalDate.class), row.getObject("ends", LocalDate.class),
				row.getString("description"), row.getLong("version"),
				row.getObject("changed", OffsetDateTime.class).toInstant());
	}

}
