package org.piswarm.conference.attendees;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.piswarm.conference.attendees.ConferencesClient.ConferenceList;
import org.piswarm.samples.ServiceFailure;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The copies of the conferences. A version decides which of two is newer, so it does not
 * matter in which order, or how often, they arrive.
 */
@Component
class ConferenceCopies {

	private static final String SELECT = "select import_href as href, name, starts, ends, version, deleted from conference_copy ";

	/** Older events do not come any more, so nothing can bring back what they say. */
	private static final int STREAM_KEEPS = 10_000;

	/**
	 * After this, a list is rolled back: a turn must not look as if it were stuck. Not
	 * Spring's timeout, with which H2 would also limit later transactions.
	 */
	private static final Duration LONGEST_REPLACEMENT = Duration.ofSeconds(20);

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	ConferenceCopies(JdbcClient jdbc, TransactionTemplate transaction) {
		this.jdbc = jdbc;
		this.transaction = transaction;
	}

	/**
	 * Some of the copies: first those of conferences that exist, then the deleted ones,
	 * each in the order of their hrefs.
	 * @param after the href of the last one that is known, empty for none
	 * @param deleted whether that one was deleted
	 */
	List<Copy> page(String after, boolean deleted, int limit) {
		return this.jdbc
			.sql(SELECT + "where (deleted = :deleted and import_href > :after) or (deleted and not :deleted) "
					+ "order by deleted, import_href limit :limit")
			.param("after", after)
			.param("deleted", deleted)
			.param("limit", limit)
			.query(Copy.class)
			.list();
	}

	Optional<Copy> find(String href) {
		if (!RemoteConference.isHref(href)) {
			return Optional.empty();
		}
		return this.jdbc.sql(SELECT + "where import_href = ?").param(href).query(Copy.class).optional();
	}

	/**
	 * Applies a conference.
	 * @return whether it was news
	 */
	boolean apply(RemoteConference conference) {
		return this.transaction.execute((status) -> {
			boolean news = set(
					"insert into conference_copy (import_href, name, starts, ends, version, deleted) "
							+ "values (:href, :name, :starts, :ends, :version, :deleted) on conflict do nothing",
					conference)
					|| set("update conference_copy set name = :name, starts = :starts, ends = :ends, version = :version, "
							+ "deleted = :deleted where import_href = :href and version < :version", conference);
			if (news && conference.deleted()) {
				forgetDeleted(conference.version() - STREAM_KEEPS);
			}
			return news;
		});
	}

	private boolean set(String sql, RemoteConference conference) {
		return this.jdbc.sql(sql)
			.param("href", conference.href())
			.param("name", conference.name())
			.param("starts", conference.starts())
			.param("ends", conference.ends())
			.param("version", conference.version())
			.param("deleted", conference.deleted())
			.update() > 0;
	}

	/**
	 * Of old deletions, only those with attendees are kept: the table must not grow
	 * forever.
	 */
	private void forgetDeleted(long before) {
		this.jdbc
			.sql("delete from conference_copy where deleted and version < ? "
					+ "and not exists (select 1 from attendee where conference = import_href)")
			.param(before)
			.update();
	}

	/**
	 * Applies a list of all conferences. One that is not in it is deleted, unless it is
	 * newer than the list.
	 * @return what was news
	 */
	List<RemoteConference> replace(ConferenceList list) {
		return this.transaction.execute((status) -> {
			long start = System.nanoTime();
			boolean first = isFirstList();
			Map<String, Long> missing = versions();
			List<RemoteConference> news = new ArrayList<>();
			for (RemoteConference conference : list.conferences()) {
				checkTime(start);
				Long version = missing.remove(conference.href());
				if ((version == null || version < conference.version()) && apply(conference)) {
					// There was no copy, so an old change says nothing about staleness.
					news.add(first ? conference.undated() : conference);
				}
			}
			for (String href : missing.keySet()) {
				checkTime(start);
				find(href).filter((copy) -> !copy.deleted())
					.map((copy) -> copy.deletion(list.revision()))
					.filter(this::apply)
					.ifPresent(news::add);
			}
			this.jdbc.sql("update list_etag set etag = ?").param(list.etag()).update();
			return news;
		});
	}

	private static void checkTime(long start) {
		if (System.nanoTime() - start > LONGEST_REPLACEMENT.toNanos()) {
			throw new ServiceFailure("database",
					"a list took longer than %d s".formatted(LONGEST_REPLACEMENT.toSeconds()), false);
		}
	}

	/**
	 * The versions of conferences that exist. The deleted copies may be many more, and
	 * {@link #apply} decides which of two versions is newer.
	 */
	private Map<String, Long> versions() {
		Map<String, Long> versions = new HashMap<>();
		this.jdbc.sql("select import_href, version from conference_copy where not deleted").query((row) -> {
			versions.put(row.getString("import_href"), row.getLong("version"));
		});
		return versions;
	}

	/** An empty list also counts. */
	private boolean isFirstList() {
		return this.jdbc.sql("select etag is null from list_etag").query(Boolean.class).single();
	}

	/**
	 * That of the last list.
	 * @return {@code null} if there was none, or if its copies were lost
	 */
	@Nullable String etag() {
		return this.jdbc
			.sql("select etag from list_etag where etag is not null and exists (select 1 from conference_copy)")
			.query(String.class)
			.optional()
			.orElse(null);
	}

	/** A row of the table. */
	record Copy(String href, String name, LocalDate starts, LocalDate ends, long version, boolean deleted) {

		/** A list does not say when its conference was deleted. */
		private RemoteConference deletion(long revision) {
			return new RemoteConference(this.href, this.name, this.starts, this.ends, revision, null, true);
		}

	}

}
