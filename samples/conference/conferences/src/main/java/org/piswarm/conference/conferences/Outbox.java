package org.piswarm.conference.conferences;

import java.time.Duration;
import java.util.List;
import java.util.function.ObjLongConsumer;

import org.jspecify.annotations.Nullable;
import org.piswarm.samples.ServiceFailure;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Events that are committed and not yet published. A database and Redis have no common
 * transaction. So an event is stored with its change, published later, and then deleted:
 * it may be published twice, and is never lost.
 */
@Component
class Outbox {

	private static final int BATCH = 100;

	private final JdbcClient jdbc;

	private final TransactionTemplate transaction;

	private final JsonMapper json;

	Outbox(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json) {
		this.jdbc = jdbc;
		this.transaction = transaction;
		this.json = json;
	}

	/** Part of the transaction of the change. */
	void add(ConferenceEvent event) {
		this.jdbc.sql("insert into outbox (revision, event) values (?, ?)")
			.params(event.version(), this.json.writeValueAsString(event))
			.update();
	}

	/**
	 * Drops events that the stream would not keep either. Receivers see that they are
	 * missing, and read the list.
	 */
	void dropOld() {
		this.transaction.executeWithoutResult((status) -> {
			this.jdbc.sql("delete from outbox where revision <= (select max(revision) from outbox) - ?")
				.param(ConferenceStream.KEPT)
				.update();
		});
	}

	/**
	 * Forwards the oldest events, in their order. Another replica waits meanwhile. What
	 * was published is deleted, also if the next one fails.
	 * @param limit when to stop, after at least one: a transaction that lasts for too
	 * long is lost, with all that it has deleted
	 * @param publish fails with a {@link ServiceFailure} if it cannot publish
	 */
	Forwarded forward(Duration limit, ObjLongConsumer<String> publish) {
		return this.transaction.execute((status) -> {
			long start = System.nanoTime();
			List<Row> rows = this.jdbc.sql("select revision, event from outbox order by revision limit ? for update")
				.param(BATCH)
				.query((row, number) -> new Row(row.getLong("revision"), row.getString("event")))
				.list();
			int count = 0;
			for (Row row : rows) {
				if (count > 0 && System.nanoTime() - start >= limit.toNanos()) {
					break;
				}
				try {
					publish.accept(row.event(), row.revision());
				}
				catch (ServiceFailure failure) {
					return new Forwarded(count, failure);
				}
				this.jdbc.sql("delete from outbox where revision = ?").param(row.revision()).update();
				count++;
			}
			return new Forwarded(count, null);
		});
	}

	long waiting() {
		return this.jdbc.sql("select count(*) from outbox").query(Long.class).single();
	}

	/**
	 * The end of a batch.
	 *
	 * @param count how many events were published
	 * @param failure why the next one was not, {@code null} if nothing failed
	 */
	record Forwarded(int count, @Nullable ServiceFailure failure) {

	}

	private record Row(long revision, String event) {

	}

}
