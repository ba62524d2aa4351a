package org.piswarm.conference.attendees;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.piswarm.conference.attendees.EventStream.Event;
import org.piswarm.samples.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Messages that cannot be processed. To try again and again would stop all that come
 * after them; to drop them would hide that something is wrong.
 */
@Component
class SetAside {

	private static final Logger logger = LoggerFactory.getLogger(SetAside.class);

	private static final int LONGEST_BODY = 1000;

	private static final int SHOWN = 100;

	/** A sender that is broken must not fill the disk. */
	private static final int KEPT = 1000;

	private final JdbcClient jdbc;

	private final Clock clock;

	private final Counter count;

	SetAside(JdbcClient jdbc, Clock clock, MeterRegistry meters) {
		this.jdbc = jdbc;
		this.clock = clock;
		this.count = Counter.builder("sync.set.aside")
			.description("Messages that could not be processed")
			.register(meters);
	}

	/**
	 * Sets an event aside, once.
	 * @param defect the error of this service that it has caused, if any
	 */
	void add(Event event, String reason, @Nullable RuntimeException defect) {
		byte[] bytes = (event.body() != null) ? event.body() : new byte[0];
		String body = new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
		int added = this.jdbc
			.sql("insert into set_aside (message_id, reason, body, at) values (?, ?, ?, ?) on conflict do nothing")
			.params(event.id(), reason, Text.beginning(body, LONGEST_BODY),
					OffsetDateTime.now(this.clock).withOffsetSameInstant(ZoneOffset.UTC))
			.update();
		if (added > 0) {
			this.jdbc
				.sql("delete from set_aside where message_id in "
						+ "(select message_id from set_aside order by at desc, message_id desc offset ?)")
				.param(KEPT)
				.update();
			this.count.increment();
			logger.error("Message {} is set aside: {}. GET /set-aside shows it", event.id(), reason, defect);
		}
	}

	/** The newest first. */
	List<Message> latest() {
		return this.jdbc
			.sql("select message_id as id, reason, body, at from set_aside order by at desc, message_id desc limit ?")
			.param(SHOWN)
			.query(Message.class)
			.list();
	}

	/** A row of the table. */
	record Message(String id, String reason, String body, OffsetDateTime at) {

	}

}
